#!/usr/bin/env python3
"""Writes a synthetic dbt project of a given size, for timing.

    python3 make_project.py --models 1000 --out DIR

The project is self-contained (no seeds, sources or packages) and runs on
Postgres.  For a given (--models, --seed) the files are byte-identical.

Shape, as shares of --models:
  staging       20 %  no parents; rows come from generate_series
  intermediate  50 %  in --layers layers, each model refs 2 earlier models
  marts         30 %  refs 3 intermediate models; 1 in 6 is incremental
Every model calls 2 project macros, has a config() block, a description, five
described columns and not_null + unique tests on its key; every third has an
accepted_values test, every fifth non-staging model a relationships test.
YAML files hold 50 models each.  Also: doc blocks, one exposure per 100
models, a macro with a loop, and singular tests (1 per 100 models).

Connection: profiles.yml reads PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE
and DBT_BENCH_SCHEMA (default bench).
"""
import argparse
import os
import random

MACROS = """\
{% macro cents_to_units(column, places=2) -%}
    round(({{ column }})::numeric / 100, {{ places }})
{%- endmacro %}

{% macro pick_columns(columns, alias=none) -%}
    {%- for c in columns -%}
        {{ alias ~ '.' if alias else '' }}{{ c }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro status_case(column) -%}
    case {{ column }} % 3
    {%- for s in ['open', 'closed', 'void'] %}
        when {{ loop.index0 }} then '{{ s }}'
    {%- endfor %}
    end
{%- endmacro %}

{% macro only_new_rows(column) -%}
    {%- if is_incremental() -%}
    where {{ column }} > (select coalesce(max({{ column.split('.') | last }}), 0) from {{ this }})
    {%- endif -%}
{%- endmacro %}

{% test positive(model, column_name) %}
select {{ column_name }} from {{ model }} where {{ column_name }} < 0
{% endtest %}
"""

DOCS = """\
{% docs amount %}
Amount in whole units, **not** cents. See `cents_to_units`.
{% enddocs %}

{% docs status %}
One of open, closed, void.
{% enddocs %}
"""

PROJECT = """\
name: bench
version: "1.0"
config-version: 2
profile: bench
flags:
  send_anonymous_usage_stats: false
vars:
  bench_rows: 10
models:
  bench:
    +materialized: view
    staging:
      +tags: [staging]
    intermediate:
      +tags: [intermediate]
    marts:
      +tags: [marts]
"""

PROFILES = """\
bench:
  target: dev
  outputs:
    dev:
      type: postgres
      host: "{{ env_var('PGHOST', '127.0.0.1') }}"
      port: "{{ env_var('PGPORT', '5432') | int }}"
      user: "{{ env_var('PGUSER', 'postgres') }}"
      password: "{{ env_var('PGPASSWORD', '') }}"
      dbname: "{{ env_var('PGDATABASE', 'postgres') }}"
      schema: "{{ env_var('DBT_BENCH_SCHEMA', 'bench') }}"
      threads: 4
"""


def staging_sql(i):
    return f"""\
{{{{ config(tags=['t{i % 7}']) }}}}

select
    g as id,
    (g * {1 + i % 97})::bigint as parent_key,
    {{{{ status_case('g') }}}} as status,
    {{{{ cents_to_units('g * ' ~ {100 + i % 13}) }}}} as amount,
    date '2024-01-01' + g as happened_on
from generate_series(1, {{{{ var('bench_rows') }}}}) as g
"""


def joined_sql(i, parents, incremental):
    first, rest = parents[0], parents[1:]
    ctes = ",\n".join(
        f"p{k} as (\n    select {{{{ pick_columns(['id', 'parent_key', 'status', 'amount', 'happened_on']) }}}}\n"
        f"    from {{{{ ref('{p}') }}}}\n)" for k, p in enumerate(parents))
    joins = "\n".join(f"left join p{k} on p{k}.id = p0.id" for k in range(1, len(rest) + 1))
    total = " + ".join(f"coalesce(p{k}.amount, 0)" for k in range(len(parents)))
    config = (f"{{{{ config(materialized='incremental', unique_key='id', tags=['t{i % 7}']) }}}}"
              if incremental else f"{{{{ config(tags=['t{i % 7}']) }}}}")
    tail = "\n{{ only_new_rows('p0.id') }}" if incremental else ""
    return f"""\
{config}

-- {first} is the driving table
with {ctes}

select
    p0.id,
    p0.parent_key,
    p0.status,
    round(({total}) / {len(parents)}, 2) as amount,
    p0.happened_on
from p0
{joins}{tail}
"""


def model_yaml(i, name, parents):
    relationships = ""
    if parents and i % 5 == 0:
        relationships = f"""
          - relationships:
              arguments:
                to: ref('{parents[0]}')
                field: id"""
    accepted = ""
    if i % 3 == 0:
        accepted = """
        data_tests:
          - accepted_values:
              arguments:
                values: [open, closed, void]"""
    return f"""\
  - name: {name}
    description: >
      Model number {i}. It exists so that parsing, compiling and listing have
      something to chew on; parents: {', '.join(parents) or 'none'}.
    config:
      meta:
        owner: team_{i % 11}
    columns:
      - name: id
        description: Key of the model.
        data_tests:
          - unique
          - not_null{relationships}
      - name: parent_key
        description: Key of the parent row.
      - name: status
        description: '{{{{ doc("status") }}}}'{accepted}
      - name: amount
        description: '{{{{ doc("amount") }}}}'
      - name: happened_on
        description: Day on which it happened.
"""


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--models", type=int, required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--layers", type=int, default=8, help="layers of intermediate models")
    p.add_argument("--seed", type=int, default=7)
    a = p.parse_args()
    r = random.Random(a.seed)
    n = a.models
    n_stg = max(1, n // 5)
    n_mart = n * 3 // 10
    n_int = n - n_stg - n_mart

    def put(path, text):
        path = os.path.join(a.out, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    put("dbt_project.yml", PROJECT)
    put("profiles.yml", PROFILES)
    put("macros/bench.sql", MACROS)
    put("models/docs.md", DOCS)

    models = []  # (name, folder, parents)
    staging = [f"stg_{i:05d}" for i in range(n_stg)]
    models += [(m, "staging", []) for m in staging]
    layers = [staging]
    made = 0
    per_layer = max(1, -(-n_int // a.layers)) if n_int else 1
    while made < n_int:
        layer = [f"int_{i:05d}" for i in range(made, min(n_int, made + per_layer))]
        made += len(layer)
        for m in layer:
            far = r.choice(r.choice(layers))
            near = r.choice(layers[-1])
            models.append((m, "intermediate", list(dict.fromkeys([near, far]))))
        layers.append(layer)
    pool = [m for layer in layers[1:] for m in layer] or staging
    for i in range(n_mart):
        parents = r.sample(pool, min(3, len(pool)))
        models.append((f"mart_{i:05d}", "marts", parents))

    batches = {}
    marts = 0
    for i, (name, folder, parents) in enumerate(models):
        incremental = False
        if folder == "marts":
            incremental = marts % 6 == 0
            marts += 1
        batch = i // 50
        sub = f"models/{folder}/b{batch:03d}"
        sql = staging_sql(i) if not parents else joined_sql(i, parents, incremental)
        put(f"{sub}/{name}.sql", sql)
        batches.setdefault(sub, []).append(model_yaml(i, name, parents))
        if i % 100 == 0:
            put(f"tests/assert_{name}_amount.sql",
                f"select * from {{{{ ref('{name}') }}}} where amount < 0\n")
    for sub, parts in batches.items():
        put(f"{sub}/_models.yml", "version: 2\n\nmodels:\n" + "\n".join(parts))
    exposures = "".join(
        f"  - name: dashboard_{k:03d}\n    type: dashboard\n    owner:\n      email: owner@example.com\n"
        f"    depends_on:\n      - ref('{models[-1 - k][0]}')\n" for k in range(n // 100))
    if exposures:
        put("models/exposures.yml", "version: 2\n\nexposures:\n" + exposures)


if __name__ == "__main__":
    main()
