"""Cases about the arguments of all built-in filters and tests, made from the signatures of Jinja2's own functions.

For each function: every parameter by position and by name, every default written out, and the calls that must fail
(too many arguments, unknown names, the same parameter twice, missing ones).
"""

import inspect

from jinja2.filters import FILTERS
from jinja2.tests import TESTS

# What is filtered or tested; text unless said otherwise.
INPUTS = {
    "abs": "-3", "attr": "{'a': 1}", "batch": "[1, 2, 3]", "count": "[1, 2]", "length": "[1, 2]", "dictsort": "{'b': 1, 'A': 2}",
    "filesizeformat": "2048", "first": "[1, 2]", "last": "[1, 2]", "float": "'x'", "int": "'x'", "groupby": "[{'a': 1}, {'a': 'B'}]",
    "items": "{'a': 1}", "join": "[{'a': 1}, {'a': 2}]", "list": "(1, 2)", "max": "[{'a': 1}, {'a': 2}]", "min": "[{'a': 1}, {'a': 2}]",
    "random": "[7]", "reverse": "[1, 2]", "round": "2.345", "slice": "[1, 2, 3]", "sort": "[{'a': 2}, {'a': 1}]",
    "sum": "[{'a': 1}, {'a': 2}]", "tojson": "{'a': [1]}", "unique": "[{'a': 1}, {'a': 1}]", "xmlattr": "{'a': 1}",
    "pprint": "[1]", "wordwrap": "'aaaaaaaaaa b-c'", "truncate": "'foo bar baz qux'", "urlize": "'see www.example.com now'",
    "indent": "'a\n\nb'", "map": "[{'a': 1}]", "select": "[1, 2]", "reject": "[1, 2]", "selectattr": "[{'a': 1}]",
    "rejectattr": "[{'a': 1}]", "divisibleby": "9", "odd": "3", "even": "3", "in": "1", "sameas": "none", "filter": "'upper'",
    "test": "'odd'", "number": "1", "gt": "3", "lt": "3",
}

# Values for parameters, where the first one that fits the function's parameter is taken.
VALUES = {
    "name": "'a'", "linecount": "2", "fill_with": "'x'", "width": "7", "default_value": "'d'", "boolean": "true",
    "case_sensitive": "true", "by": "'value'", "reverse": "true", "binary": "true", "default": "5", "base": "16",
    "attribute": "'a'", "first": "true", "blank": "true", "d": "'-'", "old": "'e'", "s": "'e'", "new": "'E'", "count": "1",
    "precision": "1", "method": "'floor'", "slices": "2", "start": "10", "indent": "2", "chars": "'t'", "length": "9",
    "killwords": "true", "end": "'>'", "leeway": "0", "trim_url_limit": "5", "nofollow": "true", "target": "'_top'",
    "rel": "'x'", "extra_schemes": "['my:']", "break_long_words": "false", "wrapstring": "'/'", "break_on_hyphens": "false",
    "autospace": "false", "num": "3", "other": "1", "seq": "[1, 2]", "b": "1",
}

# Results that print as what is in them only as a list.
LAZY = {"batch", "slice", "map", "select", "reject", "selectattr", "rejectattr", "unique", "items", "reverse"}

# Parameters that must be there before others make sense.
NEEDED = {"join": {}, "sort": {"attribute": "'a'"}, "unique": {"attribute": "'a'"}, "max": {"attribute": "'a'"},
          "min": {"attribute": "'a'"}, "sum": {"attribute": "'a'"}}


def parameters(function):
    """The parameters of a filter or test after the value, and whether it takes any number; None for built-ins without signature."""
    if function is str:  # the filter `string` of older versions and tests that are types
        return None
    try:
        signature = inspect.signature(function)
    except ValueError:
        return None
    found = list(signature.parameters.values())
    if getattr(function, "jinja_pass_arg", None) is not None:
        found = found[1:]
    return found[1:]


def literal(value):
    """A default as a template writes it."""
    if value is None or value is True or value is False:
        return str(value).lower()
    return repr(value)


def cases(kind, name, function):
    """The templates for a function: one with all calls that succeed, and one for each that fails."""
    all_parameters = parameters(function)
    source = INPUTS.get(name, "'some text'")
    lazy = " | list" if kind == "|" and name in LAZY else ""

    def call(arguments):
        text = f"({arguments})" if arguments else ""
        return f"{{{{ ({source} {kind} {name}{text}{lazy}) }}}}" if kind == "is" else f"{{{{ {source} {kind} {name}{text}{lazy} }}}}"

    if all_parameters is None or any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in all_parameters):
        return
    positional_only = {p.name for p in all_parameters if p.kind == p.POSITIONAL_ONLY}
    required = [p for p in all_parameters if p.default is p.empty]
    needed = {p.name: VALUES[p.name] for p in required} | NEEDED.get(name, {})
    known = [p for p in all_parameters if p.name in VALUES and p.name != "eval_ctx"]

    def named(values):
        return ", ".join(f"{key}={value}" for key, value in values.items() if key not in positional_only)

    base = ", ".join(VALUES[p.name] for p in required)
    good = []
    if not positional_only:
        for parameter in known:  # each by name
            good.append(call(named(needed | {parameter.name: VALUES[parameter.name]})))
            if parameter.default is not parameter.empty:
                good.append(call(named(needed | {parameter.name: literal(parameter.default)})))
    for count in range(len(required), len(known) + 1):  # by position
        good.append(call(", ".join(VALUES[p.name] for p in known[:count])))
    for template in dict.fromkeys(good):
        yield template
    too_many = ", ".join([VALUES.get(p.name, "1") for p in all_parameters] + ["1"])
    yield call(too_many)
    yield call((base + ", " if base else "") + "nonsense=1")
    for parameter in all_parameters[:2]:
        values = ", ".join(VALUES[p.name] for p in all_parameters[: all_parameters.index(parameter) + 1] if p.name in VALUES)
        yield call(f"{values}, {parameter.name}={VALUES.get(parameter.name, '1')}")
    if required:
        yield call("")
        if len(required) > 1:
            yield call(VALUES[required[0].name])


def topic(kind, functions):
    """All cases of the functions, each once."""
    seen = dict.fromkeys(case for name in sorted(functions) for case in cases(kind, name, functions[name]))
    return list(seen)


METHODS = {
    "[1, 2]": "append clear copy count extend index insert pop remove reverse sort",
    "{'a': 1}": "clear copy fromkeys get items keys pop popitem setdefault update values",
    "(1, 2)": "count index",
    "'a b'": "capitalize casefold center count endswith expandtabs find format index isalnum isalpha isdigit join ljust lower"
    " lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith"
    " strip swapcase title upper zfill",
    "5": "bit_length conjugate",
    "1.5": "is_integer",
}


def method_cases():
    """Methods of Python's types without arguments, with right and wrong ones, and with too many."""
    for source, names in METHODS.items():
        for name in names.split():
            for arguments in ("", "1", "'a', 'b'", "1, 2, 3, 4", "nonsense=1"):
                yield f"{{% set o = {source} %}}{{{{ o.{name}({arguments}) }}}}{{{{ o }}}}"
    yield "{{ 'a,b'.split(sep=',', maxsplit=1) }}{{ 'a\\nb'.splitlines(keepends=true) }}{{ 'a\\tb'.expandtabs(tabsize=2) }}"
    yield "{% set l = ['b', 'A'] %}{{ l.sort(key='x'.join, reverse=true) }}{{ l }}"
    yield "{% set l = [1] %}{{ l.sort(1, reverse=true) }}"
    yield "{{ 'a'.split(',', sep=',') }}"
    yield "{{ {}.get('a', default=1) }}"
    yield "{% set d = {} %}{{ d.update(x) }}"
    yield "{{ dict(x) }}"
    yield "{% set d = {} %}{{ d.update([('a', 1)], b=2) }}{{ d }}"


TOPICS = {
    "signatures_methods": list(method_cases()),
    "signatures_filters": topic("|", FILTERS),
    # Named operators only; the symbols cannot be written after `is`.
    "signatures_tests": topic("is", {name: test for name, test in TESTS.items() if name.isidentifier()}),
}
