#!/usr/bin/env python3
"""Compares Leat's Jinja with Python's Jinja2 and with minijinja, on the same templates in one run.

    swift build -c release --package-path Benchmarks
    python3 -m venv .venv && .venv/bin/pip install jinja2 minijinja
    .venv/bin/python Benchmarks/Jinja/compare.py [--only NAME]

All times are CPU seconds of one call, the best of several rounds. Each output is checked against Jinja2's.
A ratio above 1 says how many times faster Leat is. `parse` is 10,000 dbt-like templates, each different: Jinja2's
`Environment.parse`, which gives a syntax tree, and `compile`, which makes Python bytecode of it as every render needs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import jinja2
from models import models

HERE = pathlib.Path(__file__).resolve().parent
BINARY = HERE.parent / ".build" / "release" / "JinjaBenchmark"
EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.loopcontrols"]

try:
    import minijinja
except ImportError:
    minijinja = None


def best(body, rounds=7, least=0.05):
    """The CPU seconds of one call of body."""
    repeats, result, done = 1, float("inf"), 0
    while done < rounds:
        start = time.process_time()
        for _ in range(repeats):
            body()
        elapsed = time.process_time() - start
        if elapsed < least and done == 0:
            repeats = max(repeats + 1, int(repeats * least * 1.2 / max(elapsed, 1e-6)))
            continue
        result, done = min(result, elapsed / repeats), done + 1
        if elapsed > 2:
            break
    return result


def leat(*arguments):
    """What the benchmark program of Leat says."""
    return json.loads(subprocess.run([BINARY, *arguments], check=True, capture_output=True, text=True).stdout)


def line(name, swift, python, rust):
    """One line of the table."""
    ratios = [f"{other / swift:8.1f}x" if other else "       -" for other in (python, rust)]
    times = [f"{value * 1e6:12.1f}" if value else " " * 11 + "-" for value in (swift, python, rust)]
    print(f"{name:<22}{times[0]}{times[1]}{times[2]}  {ratios[0]} {ratios[1]}", flush=True)


def compare_parse():
    """Ten thousand dbt-like templates."""
    sources = models(10_000)
    environment = jinja2.Environment(extensions=EXTENSIONS)

    def add_all():
        other = minijinja.Environment()
        for source in sources:
            other.add_template("t", source)

    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(sources, file)
        file.flush()
        # In turns, as below.
        swift = rust = float("inf")
        for _ in range(3):
            swift = min(swift, leat("parse", file.name)["parse"]["seconds"])
            rust = min(rust, best(add_all, rounds=3)) if minijinja else None
    python = best(lambda: [environment.parse(source) for source in sources], rounds=2)
    compiled = best(lambda: [environment.from_string(source) for source in sources[:1000]], rounds=2) * 10
    line("parse", swift, python, rust)
    line("compile", swift, compiled, rust)


def compare_render(only):
    """The templates of the folder."""
    paths = sorted(path for path in (HERE / "templates").glob("*.jinja") if not only or only in path.name)
    environment = jinja2.Environment(extensions=EXTENSIONS)
    for path in paths:
        source = path.read_text()
        template = environment.from_string(source)
        expected = template.render()
        if leat("render", str(path))[path.name]["text"] != expected:
            sys.exit(f"{path.name}: Leat gives another text than Jinja2")
        render, note = None, ""
        if minijinja:
            other = minijinja.Environment(fuel=None)
            other.pycompat = True
            try:
                other.add_template(path.name, source)
                note = "" if other.render_template(path.name) == expected else " (other text in minijinja)"
                other.render_template(path.name)
                render = lambda: other.render_template(path.name)
            except Exception as error:  # minijinja lacks some of the language
                note = f" (minijinja: {str(error).splitlines()[0][:60]})"
        # In turns, so that a machine that is busy for a while slows all of them.
        swift = python = rust = float("inf")
        for _ in range(3):
            swift = min(swift, leat("render", str(path))[path.name]["seconds"])
            python = min(python, best(template.render, rounds=3))
            rust = min(rust, best(render, rounds=3)) if render else None
        line(path.stem + ("*" if note else ""), swift, python, rust)
        if note:
            print("   " + note)


def main():
    """Runs the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="compare the templates whose name contains this")
    options = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, Jinja2 {jinja2.__version__}, microseconds of CPU a call")
    print(f"{'':<22}{'Leat':>12}{'Jinja2':>12}{'minijinja':>12}  {'/Jinja2':>9} {'/minijinja':>9}")
    if not options.only:
        compare_parse()
    compare_render(options.only)


if __name__ == "__main__":
    main()
