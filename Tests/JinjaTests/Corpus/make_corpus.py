"""Writes the corpus that the Swift tests read: templates with what Python's Jinja2 makes of them.

Run with Python 3.11 or later and jinja2 3.1: python3 make_corpus.py
"""

import json
import pathlib
import sys

import jinja2
from jinja2.nativetypes import NativeEnvironment

import expressions
import filters
import signatures
import statements
import templates

HERE = pathlib.Path(__file__).parent

KINDS = [
    (jinja2.TemplateAssertionError, "assertion"),
    (jinja2.TemplateSyntaxError, "syntax"),
    (jinja2.TemplatesNotFound, "templateNotFound"),
    (jinja2.TemplateNotFound, "templateNotFound"),
    (jinja2.UndefinedError, "undefined"),
    (jinja2.exceptions.FilterArgumentError, "filterArgument"),
    (jinja2.TemplateRuntimeError, "runtime"),
    (RuntimeError, "runtime"),
    (ZeroDivisionError, "zeroDivision"),
    (OverflowError, "overflow"),
    (KeyError, "key"),
    (IndexError, "index"),
    (TypeError, "type"),
    (ValueError, "value"),
    (AssertionError, "runtime"),
    (AttributeError, "type"),
    # Python's compiler finds these in the code that Jinja makes.
    (SyntaxError, "syntax"),
]

UNDEFINED = {
    "default": jinja2.Undefined,
    "strict": jinja2.StrictUndefined,
    "chainable": jinja2.ChainableUndefined,
    "debug": jinja2.DebugUndefined,
}

FLAGS = {"trim_blocks", "lstrip_blocks", "keep_trailing_newline", "autoescape"}


def environment(case):
    options = dict(case.get("options", {}))
    native = options.pop("native", "0") == "1"
    arguments = {"extensions": ["jinja2.ext.do", "jinja2.ext.loopcontrols"]}
    for key, value in options.items():
        if key == "undefined":
            value = UNDEFINED[value]
        elif key in FLAGS:
            value = value == "1"
        arguments[key] = value
    if "templates" in case:
        arguments["loader"] = jinja2.DictLoader(case["templates"])
    return native, (NativeEnvironment if native else jinja2.Environment)(**arguments)


def run(case):
    """Adds the output, or the kind and line of the error."""
    native, env = environment(case)
    context = eval(case.get("context", "{}"))  # the contexts are literals in this repository
    try:
        template = env.from_string(case["template"])
        result = template.render(context)
        case["output"] = repr(result) if native else result
    except Exception as error:  # noqa: BLE001 - every kind of error is part of the corpus
        case["error"] = next((name for kind, name in KINDS if isinstance(error, kind)), "other")
        if case["error"] == "other":
            print("unexpected error", type(error), error, case["template"], file=sys.stderr)
        if isinstance(error, jinja2.TemplateSyntaxError):
            case["line"] = error.lineno
    return case


def expand(entry):
    """Turns the short forms of a case into a dict."""
    if isinstance(entry, str):
        return {"template": entry}
    if isinstance(entry, tuple):
        template, *rest = entry
        case = {"template": template}
        for key, value in zip(("context", "options", "templates"), rest):
            if value:
                case[key] = repr(value) if key == "context" and not isinstance(value, str) else value
        return case
    return dict(entry)


def main():
    total = 0
    target = HERE / "cases"
    for module in (expressions, filters, signatures, statements, templates):
        for topic, entries in module.TOPICS.items():
            cases = [run(expand(entry)) for entry in entries]
            total += len(cases)
            text = json.dumps(cases, indent=1, ensure_ascii=False)
            (target / f"{topic}.json").write_text(text + "\n", encoding="utf-8")
    print(total, "cases, jinja2", jinja2.__version__)


if __name__ == "__main__":
    main()
