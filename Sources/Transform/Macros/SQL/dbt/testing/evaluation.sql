{#- The queries around a test's own. -#}

{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  select
    {{ fail_calc }} as failures,
    {{ fail_calc }} {{ warn_if }} as should_warn,
    {{ fail_calc }} {{ error_if }} as should_error
  from (
    {{ get_limit_subquery_sql(main_sql, limit) }}
  ) dbt_internal_test
{%- endmacro %}

{#- The relation a generic test reads: the part of it that the test's `where` leaves. -#}
{% macro get_where_subquery(relation) -%}
  {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
  {%- set condition = config.get('where') -%}
  {{ return('(select * from ' ~ relation ~ ' where ' ~ condition ~ ') dbt_subquery' if condition else relation) }}
{%- endmacro %}

{#- The rows a model gives and those expected of it, told apart by the column actual_or_expected. -#}
{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
  {{ adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}

{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
  {%- set columns = expected_column_names | join(', ') -%}
  {%- set origin = adapter.quote('actual_or_expected') -%}
with dbt_internal_unit_test_actual as (
  select {{ columns }}, {{ dbt.string_literal('actual') }} as {{ origin }}
  from (
    {{ main_sql }}
  ) _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select {{ columns }}, {{ dbt.string_literal('expected') }} as {{ origin }}
  from (
    {{ expected_fixture_sql }}
  ) _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected
{%- endmacro %}
