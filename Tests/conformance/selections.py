"""Lists the project projects/selections with real dbt and with the binary, by many selections; both must name the same nodes.

    python selections.py BINARY [--only TEXT] [--states | --all]

Run with the Python of the environment that holds dbt. With --states the states that `state:` compares with are
written by both, of the project as it was before each edit below, and read by both, crosswise: `state:modified` of each edit, with
--all all words of that method (about 1,000 selections).
"""

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dbt.cli.main import dbtRunner

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "projects" / "selections"

# Words of --select, or whole argument lists.
SELECTIONS = """
orders
stg_orders+
+revenue
1+revenue
2+revenue+1
@stg_people
@orders
+orders+
stg_*
*people*
stg_[op]*
s?g_orders
shop
shop.*
shop.staging
shop.marts.core.*
shop.marts.core
marts.core
staging
dim_people
dim_people.v1
dim_people_v2
dim_people.v1+
shop.marts.core.dim_people
shop.marts.core.dim_people.v3
helpers
helpers.helper_dates+
fqn:orders
fqn:shop.*.orders
nothing_of_that_name
tag:staging
tag:night*
tag:marts,tag:hourly
tag:big one
tag:checked
tag:orphans
tag:ingested
tag:money
tag:board
tag:fast
tag:maths
tag:seeded+
group:finance
group:fin*
access:public
access:private
access:protected
access:none
source:raw
source:raw+
source:raw.orders
source:*.orders
source:shop.raw.*
source:shop.*.*
source:raw.nothing
source:w*
path:models/staging
path:models/staging/
path:models/*
path:models/marts/*.sql
path:models/**/*.sql
path:models/marts/core/people_v1.sql
path:models/schema.yml
path:seeds
path:tests
path:functions
path:./models/staging
models/staging
models/marts/orders.sql+
file:orders.sql
file:stg_orders
file:*.csv
file:schema.yml
file:people_v?.sql
orders.sql
package:helpers
package:shop
package:this
package:h*
config.materialized:table
config.materialized:incremental
config.materialized:snapshot
config.materialized:seed
config.materialized:test
config.meta.owner:ops
config.meta.tier:1
config.meta.levels.deep:yes
config.meta.team:data
config.meta.from:airbyte
config.tags:hourly
config.unique_key:id
config.severity:warn
config.severity:WARN
config.severity:error
config.enabled:true
config.enabled:false
config.store_failures:true
config.on_schema_change:fail
config.contract.enforced:true
config.persist_docs.relation:true
config.event_time:ordered_at
config.group:finance
config.nothing:x
config.limit:10
test_name:unique
test_name:not_*
test_name:positive
test_name:amount_is_positive
test_name:relationships
test_type:generic
test_type:singular
test_type:data
test_type:unit
test_type:schema
test_type:nothing
resource_type:model
resource_type:seed
resource_type:snapshot
resource_type:test
resource_type:unit_test
resource_type:source
resource_type:exposure
resource_type:metric
resource_type:semantic_model
resource_type:saved_query
resource_type:analysis
resource_type:function
resource_type:nothing
exposure:board
+exposure:board
exposure:*
exposure:shop.*
+exposure:notes,stg_people
metric:total
metric:total*
+metric:total_double
metric:shop.total
metric:*
semantic_model:*
semantic_model:orders_semantic+
+semantic_model:shop.orders_semantic
saved_query:by_day
+saved_query:*
unit_test:*
unit_test:adds_cents
unit_test:shop.sums
+unit_test:sums
version:latest
version:old
version:prerelease
version:none
selector:nightly
selector:words
selector:inherited+
+selector:mapping
selector:nothing
orders,tag:marts
stg_people+,revenue+
+revenue,tag:staging
orders+,+revenue,config.materialized:view
orders stg_people
tag:staging,path:models/staging tag:hourly
people+1
people+2
1+people_history
people_history
orders_history
no_orphans
+no_orphans
look
+look
half
unique_*
not_null_orders_id
nonsense:orders
@source:raw
+@orders
orders+0
""".strip().splitlines()

ARGUMENTS = [
    [],
    ["--exclude", "tag:staging"],
    ["--exclude", "stg_people+"],
    ["--exclude", "test_type:generic"],
    ["--exclude", "resource_type:test", "resource_type:source"],
    ["--select", "+revenue", "--exclude", "stg_orders+"],
    ["--select", "+revenue", "--exclude", "+stg_orders"],
    ["--select", "tag:marts", "--exclude", "group:finance"],
    ["--select", "orders", "tag:staging", "--exclude", "unique_stg_people_id"],
    ["--select", "orders", "--exclude", "orders"],
    ["--select", "orders stg_people", "--exclude", "test_name:unique test_name:not_null"],
    ["--select", "@orders", "--exclude", "source:web,tag:ingested", "exposure:*"],
    ["--models", "stg_orders+"],
    ["-m", "orders"],
    ["--resource-type", "model"],
    ["--resource-type", "test", "--resource-type", "source"],
    ["--resource-type", "all"],
    ["--resource-type", "default"],
    ["--resource-type", "unit_test"],
    ["--resource-type", "metric", "--resource-type", "semantic_model", "--resource-type", "saved_query"],
    ["--resource-type", "function"],
    ["--resource-type", "nothing"],
    ["--exclude-resource-type", "test"],
    ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"],
    ["--exclude-resource-type", "model", "--select", "+revenue"],
    ["--resource-type", "model", "--exclude-resource-type", "model"],
    ["--resource-type", "model", "--select", "source:raw+"],
    *[["--selector", name] for name in
      ["nightly", "words", "mapping", "full", "at", "crossing", "inherited", "buildables", "nested", "nothing"]],
    ["--selector", "nightly", "--select", "orders"],
    ["--selector", "nightly", "--exclude", "people"],
    *[["--indirect-selection", mode, *words]
      for mode in ["eager", "cautious", "buildable", "empty", "nothing"]
      for words in [["--select", "orders"], ["--select", "stg_people"], ["--select", "+orders"],
                    ["--select", "tag:staging", "dim_people"], ["--select", "orders", "--exclude", "stg_people"],
                    ["--select", "orders,tag:hourly", "source:raw"], ["--selector", "buildables"],
                    ["--selector", "full"]]],
    ["--output", "name"],
    ["--output", "path"],
    ["--output", "selector"],
    ["--output", "json", "--select", "orders", "revenue"],
    ["--output", "json", "--output-keys", "name resource_type", "--select", "+exposure:board"],
    ["--output", "json", "--output-keys", "unique_id", "config", "--select", "tag:checked", "resource_type:source"],
    ["--output", "json", "--output-keys", "config.materialized", "depends_on.nodes", "--select", "stg_orders"],
    ["--output", "json", "--select", "resource_type:metric", "resource_type:saved_query", "resource_type:unit_test"],
    ["--output", "json", "--output-keys", "name nothing tags", "--select", "people"],
]

# What is changed since the state was written: (name, file, old text, new text). No old text: the file is written anew; no new
# text: it is removed.
EDITS = [
    ("nothing", None, None, None),
    ("a model's text", "models/staging/stg_people.sql", "select id, name", "select id, upper(name) as name"),
    ("white space at a model's end", "models/staging/stg_people.sql", "('people') }}\n", "('people') }}\n\n"),
    ("a model's configuration", "models/marts/orders.sql", "on_schema_change='fail'", "on_schema_change='ignore'"),
    ("tags", "models/marts/orders.sql", "'hourly', ", ""),
    ("meta", "models/staging/stg_orders.sql", "'tier': 1", "'tier': 2"),
    ("an alias", "models/marts/core/revenue.sql", "revenue_table", "revenues"),
    ("configuration of a folder", "dbt_project.yml", "+materialized: view", "+materialized: table"),
    ("a group of a folder", "dbt_project.yml", "core: {+group: finance}", "core: {+group: finance, +schema: other}"),
    ("an inner macro", "macros/amounts.sql", "coalesce({{ column }}, 0)", "coalesce({{ column }}, 1)"),
    ("a macro of a package", "packages/helpers/macros/cents.sql", "100.0", "100"),
    ("a macro that nothing calls", "macros/amounts.sql", "unused() %}1", "unused() %}2"),
    ("a generic test", "macros/amounts.sql", "<= 0", "< 0"),
    ("a seed", "seeds/people.csv", "2,Bob", "2,Bo"),
    ("a described column that is persisted", "models/schema.yml", "Euros", "Euros, net"),
    ("a described column that is not", "models/schema.yml", "The order", "An order"),
    ("a description that is persisted", "models/schema.yml", "What came in", "What came"),
    ("a new test", "models/schema.yml", "data_tests: [not_null]}\n  - name: contracted",
     "data_tests: [not_null, unique]}\n  - name: contracted"),
    ("a test's severity", "models/schema.yml", "severity: warn, tags", "severity: error, tags"),
    ("a test's tags", "models/schema.yml", "tags: [checked]", "tags: [other]"),
    ("a singular test", "tests/no_orphans.sql", "name is null", "name = ''"),
    ("a contract's new column", "models/schema.yml", "{name: label, data_type: text}",
     "{name: label, data_type: text}\n      - {name: more, data_type: text}"),
    ("a contract's type", "models/schema.yml", "name: label, data_type: text", "name: label, data_type: varchar"),
    ("a contract's length", "models/schema.yml", "name: label, data_type: text", "name: label, data_type: text(3)"),
    ("a contract that ends", "models/marts/core/contracted.sql", "'enforced': true", "'enforced': false"),
    ("access", "models/schema.yml", "access: private", "access: protected"),
    ("the latest version", "models/schema.yml", "latest_version: 2", "latest_version: 3"),
    ("a deprecation date", "models/schema.yml", "2030-01-01", "2031-01-01"),
    ("a source's schema", "models/schema.yml", "raw_{{ target.name }}", "rows_{{ target.name }}"),
    ("a source's identifier", "models/schema.yml", "pay_ments", "payments"),
    ("a source's freshness", "models/schema.yml", "count: 1, period: day", "count: 2, period: day"),
    ("a source's tags", "models/schema.yml", "tags: [ingested]", "tags: [loaded]"),
    ("a source's meta", "models/schema.yml", "from: airbyte", "from: leat"),
    ("a new source", "models/schema.yml", "[{name: visits}", "[{name: clicks}, {name: visits}"),
    ("a new exposure", "models/schema.yml", "  - name: notes", "  - {name: more, type: ml, owner: {name: Ops}}\n  - name: notes"),
    ("an exposure's owner", "models/schema.yml", "owner: {name: Ops}\n    config", "owner: {name: Ann}\n    config"),
    ("an exposure's tags", "models/schema.yml", "tags: [board]", "tags: [boards]"),
    ("a unit test's rows", "models/schema.yml", "rows: [{id: 1, name: Ann}]}]", "rows: [{id: 2, name: Ann}]}]"),
    ("a unit test's tags", "models/schema.yml", "tags: [fast]", "tags: [slow]"),
    ("a metric's label", "models/schema.yml", "label: Total", "label: All"),
    ("a metric's measure", "models/schema.yml", "expr: total * 2", "expr: total * 3"),
    ("a metric's meta", "models/schema.yml", "group: finance, meta: {team: data}", "group: finance, meta: {team: ops}"),
    ("a semantic model's measure", "models/schema.yml", "agg: sum", "agg: max"),
    ("a semantic model's meta", "models/schema.yml", "kind: semantic", "kind: other"),
    ("a saved query's groups", "models/schema.yml", "'day')\"]}", "'week')\"]}"),
    ("a saved query's export", "models/schema.yml", "export_as: table", "export_as: view"),
    ("a snapshot", "snapshots/orders_history.sql", "select *", "select id, ordered_at"),
    ("a snapshot's strategy", "snapshots/orders_history.sql", "updated_at='ordered_at'", "updated_at='id'"),
    ("a function", "functions/half.sql", "2.0", "2"),
    ("a function's argument", "functions/functions.yml", "data_type: float}]", "data_type: numeric}]"),
    ("a new model", "models/marts/more.sql", None, "select 1 as id"),
    ("a model that is gone", "models/marts/core/contracted.sql", None, None),
    ("a model that moved", "models/marts/orders.sql", None, None),
    ("a package's version of a model", "packages/helpers/models/helper_dates.sql", "1 as id", "2 as id"),
]

STATE_WORDS = [
    "state:modified", "state:new", "state:old", "state:unmodified", "state:modified.body", "state:modified.configs",
    "state:modified.relation", "state:modified.persisted_descriptions", "state:modified.macros", "state:modified.contract",
]


class Sides:
    """The project in one folder, and what each side says of it."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = Path(folder)
        self.manifest = None
        profiles = (PROJECT.parent / "profiles.yml").read_text()
        shutil.copytree(PROJECT, self.folder, dirs_exist_ok=True)
        (self.folder / "profiles.yml").write_text(profiles)
        # Both take packages that lie there already.
        shutil.copytree(self.folder / "packages" / "helpers", self.folder / "dbt_packages" / "helpers")
        os.chdir(self.folder)

    def dbt(self, arguments, manifest=None, target="target-dbt"):
        runner = dbtRunner(manifest=manifest)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            result = runner.invoke(["-q", "--no-use-colors", *arguments, "--target-path", target])
        return result

    def parse(self):
        result = self.dbt(["parse"])
        assert result.success, result.exception
        self.manifest = result.result

    def leat(self, arguments, target="target-leat"):
        done = subprocess.run(
            [self.binary, "-q", *arguments, "--target-path", target], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def state(self, side, name):
        """Writes the project's manifest as it is now into a folder, by one of the two."""
        if side == "dbt":
            assert self.dbt(["parse"], target=name).success
        else:
            code, out, error = self.leat(["parse"], target=name)
            assert code == 0, out + error

    def list(self, arguments):
        """What `ls` prints on both sides: lines, or None where it fails."""
        result = self.dbt(["ls", *arguments], self.manifest)
        expected = None if result.exception or not result.success else [str(line) for line in result.result or []]
        code, out, error = self.leat(["ls", *arguments])
        actual = None if code else out.splitlines()
        return expected, actual, error


def named(lines):
    """Lines as they are compared: a JSON document by what it holds, not by the order of its members."""
    import json

    def plain(line):
        try:
            value = json.loads(line)
        except ValueError:
            return line
        if isinstance(value, dict):
            value.pop("created_at", None)
        return json.dumps(value, sort_keys=True)

    return [plain(line) for line in lines]


def differences(expected, actual, error):
    if expected is None or actual is None:
        if expected is None and actual is None:
            return []
        return [f"dbt {'fails' if expected is None else 'lists ' + str(len(expected))}, "
                f"Leat {'fails: ' + error.strip() if actual is None else 'lists ' + str(len(actual))}"]
    expected, actual = named(expected), named(actual)
    if expected == actual:
        return []
    found = [f"missing {line}" for line in expected if line not in actual]
    found += [f"too much {line}" for line in actual if line not in expected]
    return found or ["another order"]


def built_in_only(sides, lines):
    """Lines for nodes that reach built-in macros: what dbt calls changed in every state that another program wrote."""
    reach = {}

    def reaches(macro):
        if macro in reach:
            return reach[macro]
        reach[macro] = False
        known = sides.manifest.macros.get(macro)
        found = known is not None and (
            known.package_name in ("dbt", "dbt_postgres") or any(reaches(each) for each in known.depends_on.macros))
        reach[macro] = found
        return found

    names = set()
    resources = [*sides.manifest.nodes.values(), *sides.manifest.functions.values(), *sides.manifest.unit_tests.values()]
    for node in resources:
        if any(reaches(macro) for macro in node.depends_on.macros):
            names.add(node.unique_id)
    return [line for line in lines if line not in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--only", default="", help="only what holds this text")
    parser.add_argument("--states", action="store_true", help="also state:modified")
    parser.add_argument("--all", action="store_true", help="all words of state:")
    options = parser.parse_args()
    words = STATE_WORDS if options.all else STATE_WORDS[:1]
    compared = failures = 0

    def judge(title, found):
        nonlocal compared, failures
        compared += 1
        if found:
            failures += 1
            print(title)
            for line in found[:12]:
                print(f"    {line}")

    with tempfile.TemporaryDirectory(prefix="leat-selections.") as folder:
        sides = Sides(options.binary, os.path.join(folder, "project"))
        sides.parse()
        for arguments in [["--select", *word.split("\t")] for word in SELECTIONS] + ARGUMENTS:
            title = "ls " + " ".join(arguments)
            if options.only in title:
                judge(title, differences(*sides.list(arguments)))
        # For selections that compare with a state, each edit is made, compared with both states, and taken back.
        edits = EDITS if options.states or options.all else []
        for side in ("dbt", "leat") if edits else ():
            sides.state(side, f"state-{side}")
        for name, file, old, new in edits:
            titles = {(word, side): f"{name}: {word}, state of {side}" for word in words for side in ("dbt", "leat")}
            if not any(options.only in title for title in titles.values()):
                continue
            path = sides.folder / file if file else None
            before = path.read_text() if path and path.exists() else None
            if path and old is not None:
                assert old in before, f"{file} does not hold {old!r}"
                path.write_text(before.replace(old, new))
                if file.startswith("packages/"):
                    sides.folder.joinpath("dbt_packages", *Path(file).parts[1:]).write_text(before.replace(old, new))
            elif path and new is not None:
                path.write_text(new)
            elif path:
                path.unlink()
                if "moved" in name:
                    path.with_name("moved").mkdir()
                    (path.with_name("moved") / path.name).write_text(before)
            sides.parse()
            for (word, side), title in titles.items():
                if options.only not in title:
                    continue
                arguments = ["--select", word, "--state", f"state-{side}", "--indirect-selection", "empty",
                             "--output", "json", "--output-keys", "unique_id"]
                expected, actual, error = sides.list(arguments)
                if side == "leat" and word in ("state:modified", "state:unmodified", "state:modified.macros"):
                    # dbt compares the built-in macros by their text, and Leat's are its own: all that reaches them is
                    # changed for dbt, and only the rest can be compared.
                    strip = lambda lines: lines and built_in_only(sides, [line.split('"')[3] for line in lines if '"' in line])
                    expected, actual = strip(expected), strip(actual)
                judge(title, differences(expected, actual, error))
            if path and before is not None:
                path.write_text(before)
                if file.startswith("packages/"):
                    sides.folder.joinpath("dbt_packages", *Path(file).parts[1:]).write_text(before)
                if "moved" in name:
                    shutil.rmtree(path.with_name("moved"))
            elif path:
                path.unlink()
        os.chdir("/")
    print(f"compared: {compared} selections, {failures} differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
