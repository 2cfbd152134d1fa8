"""Makes dbt-like templates: models, incremental models, macros and tests, no two alike."""

import random

WORDS = "customer order line item payment product region store event session visit plan invoice refund ticket agent".split()
TYPES = ["bigint", "varchar", "numeric(18, 2)", "timestamp", "boolean", "date"]

STAGING = """\
{{{{ config(materialized='view', schema='staging', tags=['{a}', 'daily']) }}}}

-- One row per {a}.
with source as (
    select * from {{{{ source('{b}', '{a}s') }}}}
),

renamed as (
    select
{columns}
    from source
    {{% if is_incremental() %}}
    where updated_at > (select max(updated_at) from {{{{ this }}}})
    {{% endif %}}
)

select * from renamed
"""

MART = """\
{{{{
    config(
        materialized='incremental',
        unique_key=['{a}_id', '{b}_id'],
        on_schema_change='append_new_columns',
        meta={{'owner': '{c}', 'priority': {n}}}
    )
}}}}
{{# The mart of {a}: joins {b} and {c}. #}}
{{%- set methods = ['card', 'cash', 'voucher', '{c}'] -%}}
{{%- set start = var('start_date', '2020-01-{n:02}') -%}}

select
    {{{{ dbt_utils.generate_surrogate_key(['{a}.id', '{b}.id']) }}}} as key,
    {{%- for method in methods %}}
    sum(case when {a}.method = '{{{{ method }}}}' then {a}.amount else 0 end) as {{{{ method | lower }}}}_amount
    {{%- if not loop.last %}},{{% endif -%}}
    {{%- endfor %}},
{columns}
from {{{{ ref('stg_{a}') }}}} as {a}
left join {{{{ ref('stg_{b}') }}}} as {b} on {a}.{b}_id = {b}.id
where {a}.created_at >= '{{{{ start }}}}'
{{%- if target.name == 'dev' and not flags.FULL_REFRESH %}}
  and {a}.created_at > {{{{ dbt.dateadd('day', -{n}, 'current_date') }}}}
{{%- endif %}}
group by 1
"""

MACRO = """\
{{% macro {a}_{b}_{n}(model, column_name, values=none, quote=true, limit={n}) -%}}
    {{{{ return(adapter.dispatch('{a}_{b}_{n}', 'project')(model, column_name, values, quote, limit)) }}}}
{{%- endmacro %}}

{{% macro default__{a}_{b}_{n}(model, column_name, values=none, quote=true, limit={n}) -%}}
    {{%- if not execute -%}}{{{{ return('') }}}}{{%- endif -%}}
    {{%- set found = [] -%}}
    {{%- for value in (values or []) if value is not none and value | length > {n} -%}}
        {{%- do found.append("'" ~ value ~ "'" if quote else value | string) -%}}
    {{%- else -%}}
        {{%- set query -%}}
            select distinct {{{{ column_name }}}} from {{{{ model }}}} where {c} is not null limit {{{{ limit * 2 + 1 }}}}
        {{%- endset -%}}
        {{%- set results = run_query(query) -%}}
        {{%- if results and results.columns[0].values() | length >= 1 -%}}
            {{%- do found.extend(results.columns[0].values()) -%}}
        {{%- endif -%}}
    {{%- endfor -%}}
    case
    {{%- for value in found %}}
        when {{{{ column_name }}}} = {{{{ value }}}} then {{{{ loop.index0 + {n} }}}}
    {{%- endfor %}}
    end
{{%- endmacro %}}
"""

TEST = """\
{{% test {a}_is_{b}_{n}(model, column_name, at_least=none, at_most={n}, where='{c} is not null') %}}
{{{{ config(severity='warn', tags=['{a}']) }}}}
{{%- set bounds = [] -%}}
{{%- if at_least is not none %}}{{% do bounds.append(column_name ~ ' < ' ~ at_least) %}}{{% endif -%}}
{{%- if at_most is defined and at_most is number %}}{{% do bounds.append(column_name ~ ' > ' ~ at_most) %}}{{% endif %}}
select {{{{ column_name }}}}, count(*) as n_records
from {{{{ model }}}}
where {{{{ where }}}} and ({{{{ bounds | join(' or ') if bounds else 'false' }}}})
group by {{{{ column_name }}}}
having count(*) > {n}
{{% endtest %}}
""".replace("{{% test ", "{{% macro test_").replace("{{% endtest", "{{% endmacro")


def models(count):
    """That many template sources, the same in every run."""
    dice = random.Random(1)
    return [model(dice) for _ in range(count)]


def model(dice):
    """One template source."""
    a, b, c = dice.sample(WORDS, 3)
    columns = ",\n".join(
        f"        cast({dice.choice(WORDS)}_{index} as {dice.choice(TYPES)}) as {dice.choice(WORDS)}_{index}"
        for index in range(dice.randint(3, 20)))
    shape = dice.choice([STAGING, STAGING, MART, MART, MACRO, TEST])
    return shape.format(a=a, b=b, c=c, n=dice.randint(1, 28), columns=columns)
