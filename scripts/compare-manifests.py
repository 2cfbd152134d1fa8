#!/usr/bin/env python3
"""Compares two manifest.json files and prints what differs, by kind.

    scripts/compare-manifests.py EXPECTED ACTUAL [--examples N] [--ignore KEY ...] [--macros]

The first is usually dbt-core's, the second Leat's. Compared are all resources
with all their keys, parent_map, child_map, group_map and disabled. Left out is
what differs from run to run (times, invocation ids) and, unless --macros is
given, the built-in macros, which are Leat's own. Differences are grouped by
kind of resource and key, so that one cause shows up as one line with a count.

Two semantic_manifest.json files are compared by the names of what they list.

Ends with 0 where nothing differs, else with 1.
"""

import argparse
import collections
import json
import sys

VOLATILE = {"created_at", "build_path", "compiled_path", "root_path"}
BUILT_IN = {"dbt", "dbt_postgres"}
LISTS_AS_SETS = {"tags", "macros", "nodes"}
TABLES = [
    "nodes", "sources", "macros", "docs", "exposures", "metrics", "groups", "selectors", "saved_queries",
    "semantic_models", "unit_tests", "functions",
]
MISSING = "<missing>"


def show(value, width=160):
    text = value if value is MISSING else json.dumps(value, sort_keys=True)
    return text if len(text) <= width else text[: width - 3] + "..."


class Comparison:
    def __init__(self, ignored, with_macros, exact_macros):
        self.ignored = VOLATILE | set(ignored)
        self.with_macros = with_macros
        self.exact_macros = exact_macros
        self.found = collections.OrderedDict()

    def note(self, kind, where, expected, actual):
        self.found.setdefault(kind, []).append((where, expected, actual))

    def macro_names(self, ids):
        """Built-in macros may be called differently inside of one another: only the project's count."""
        if self.exact_macros:
            return sorted(ids)
        return sorted(i for i in ids if i.split(".")[1] not in BUILT_IN)

    def normal(self, path, value):
        if path.endswith("depends_on.macros") and isinstance(value, list):
            return self.macro_names(value)
        key = path.rsplit(".", 1)[-1]
        if key in LISTS_AS_SETS and isinstance(value, list) and all(isinstance(v, str) for v in value):
            return sorted(value)
        if key in ("refs", "sources") and isinstance(value, list):
            return sorted(value, key=json.dumps)
        return value

    def values(self, kind, path, where, expected, actual):
        expected, actual = self.normal(path, expected), self.normal(path, actual)
        if isinstance(expected, dict) and isinstance(actual, dict):
            for key in list(expected) + [k for k in actual if k not in expected]:
                if key in self.ignored:
                    continue
                below = "columns.*" if path.endswith(".columns") or path == "columns" else path
                name = path + "." + key if below == path else path + ".*"
                self.values(kind, name.lstrip("."), where, expected.get(key, MISSING), actual.get(key, MISSING))
        elif expected != actual or type(expected) is not type(actual) and not (
                isinstance(expected, (int, float)) and isinstance(actual, (int, float))):
            self.note(kind + " " + path, where, expected, actual)

    def resource(self, table, identity, expected, actual):
        kind = expected.get("resource_type", table) if isinstance(expected, dict) else table
        self.values(kind, "", identity, expected, actual)

    def tables(self, expected, actual):
        for table in TABLES:
            before, after = expected.get(table) or {}, actual.get(table) or {}
            if table == "macros" and not self.with_macros:
                before = {k: v for k, v in before.items() if v["package_name"] not in BUILT_IN}
                after = {k: v for k, v in after.items() if v["package_name"] not in BUILT_IN}
            if table == "docs":
                before = {k: v for k, v in before.items() if v["package_name"] != "dbt"}
            for identity, value in before.items():
                if identity not in after:
                    self.note(f"{table} lacking", identity, show(value.get("original_file_path", "")), MISSING)
                else:
                    self.resource(table, identity, value, after[identity])
            for identity in after:
                if identity not in before:
                    self.note(f"{table} too many", identity, MISSING, show(after[identity].get("original_file_path", "")))

    def maps(self, expected, actual):
        for name in ["parent_map", "child_map", "group_map"]:
            before, after = expected.get(name) or {}, actual.get(name) or {}
            for identity in list(before) + [i for i in after if i not in before]:
                a, b = before.get(identity), after.get(identity)
                if a is None or b is None or sorted(a) != sorted(b):
                    self.note(name, identity, a, b)

    def disabled(self, expected, actual):
        before, after = expected.get("disabled") or {}, actual.get("disabled") or {}
        for identity in list(before) + [i for i in after if i not in before]:
            a, b = before.get(identity), after.get(identity)
            if a is None or b is None or len(a) != len(b):
                self.note("disabled", identity, a and len(a), b and len(b))
            else:
                by_path = lambda node: node.get("original_file_path", "")
                for x, y in zip(sorted(a, key=by_path), sorted(b, key=by_path)):
                    self.values("disabled " + x.get("resource_type", ""), "", identity, x, y)

    def semantics(self, expected, actual):
        """semantic_manifest.json has lists in the place of tables."""
        for key in list(expected) + [k for k in actual if k not in expected]:
            a, b = expected.get(key), actual.get(key)
            if isinstance(a, list) and isinstance(b, list):
                a, b = {i["name"]: i for i in a}, {i["name"]: i for i in b}
            self.values("semantic manifest", key, key, a, b)

    def metadata(self, expected, actual):
        for key in ["dbt_schema_version", "project_name", "project_id", "adapter_type", "quoting"]:
            a, b = expected["metadata"].get(key), actual["metadata"].get(key)
            if a != b:
                self.note("metadata " + key, key, a, b)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("expected")
    parser.add_argument("actual")
    parser.add_argument("--examples", type=int, default=2, help="how many differences of each kind to show")
    parser.add_argument("--ignore", action="append", default=[], help="a key that may differ")
    parser.add_argument("--macros", action="store_true", help="compare the built-in macros too")
    parser.add_argument("--exact-macros", action="store_true", help="depends_on of built-in macros must be the same too")
    arguments = parser.parse_args()
    with open(arguments.expected) as file:
        expected = json.load(file)
    with open(arguments.actual) as file:
        actual = json.load(file)
    comparison = Comparison(arguments.ignore, arguments.macros, arguments.exact_macros)
    if "metadata" in expected:
        comparison.metadata(expected, actual)
        comparison.tables(expected, actual)
        comparison.maps(expected, actual)
        comparison.disabled(expected, actual)
    else:
        comparison.semantics(expected, actual)
    counted = {t: len(expected.get(t) or {}) for t in TABLES}
    print("compared:", ", ".join(f"{n} {t}" for t, n in counted.items() if n))
    for kind, cases in comparison.found.items():
        print(f"{len(cases):6} {kind}")
        for where, a, b in cases[: arguments.examples]:
            print(f"         {where}\n           expected {show(a)}\n           actual   {show(b)}")
    print("the same" if not comparison.found else f"{len(comparison.found)} kinds of differences")
    sys.exit(1 if comparison.found else 0)


if __name__ == "__main__":
    main()
