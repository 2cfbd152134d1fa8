{#- The statements that create relations from a query. -#}

{% macro get_create_sql(relation, sql) -%}
  {{ adapter.dispatch('get_create_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_create_sql(relation, sql) -%}
  {%- do log('Applying CREATE to: ' ~ relation) -%}
  {%- if relation.is_table -%}
    {{ get_create_table_as_sql(False, relation, sql) }}
  {%- elif relation.is_view -%}
    {{ get_create_view_as_sql(relation, sql) }}
  {%- elif relation.is_materialized_view -%}
    {{ get_create_materialized_view_as_sql(relation, sql) }}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("There is no macro get_create_sql for a " ~ relation.type ~ " such as " ~ relation) -%}
  {%- endif -%}
{%- endmacro %}

{#- Tables. -#}

{% macro get_create_table_as_sql(temporary, relation, sql) -%}
  {{ adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) }}
{%- endmacro %}

{% macro default__get_create_table_as_sql(temporary, relation, sql) -%}
  {{ return(create_table_as(temporary, relation, sql)) }}
{%- endmacro %}

{% macro create_table_as(temporary, relation, compiled_code, language='sql') -%}
  {%- set build = adapter.dispatch('create_table_as', 'dbt') -%}
  {#- Versions of the macro for SQL alone have no parameter for the language. -#}
  {{ build(temporary, relation, compiled_code) if language == 'sql' else build(temporary, relation, compiled_code, language) }}
{%- endmacro %}

{% macro default__create_table_as(temporary, relation, sql) -%}
  {{ leat__sql_header() }}
  {%- set contract = config.get('contract') -%}
  create {% if temporary %}temporary {% endif %}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
  {%- if contract.enforced and not temporary %}
    {{- get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
    {%- set sql = get_select_subquery(sql) %}
  {%- endif %}
  as (
    {{ sql }}
  );
{%- endmacro %}

{#- The configured text before a statement, on lines of its own. -#}
{% macro leat__sql_header() -%}
  {%- set header = config.get('sql_header') -%}
  {%- if header is not none %}{{ header }}
{% endif -%}
{%- endmacro %}

{#- Views. -#}

{% macro get_create_view_as_sql(relation, sql) -%}
  {{ adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_create_view_as_sql(relation, sql) -%}
  {{ return(create_view_as(relation, sql)) }}
{%- endmacro %}

{% macro create_view_as(relation, sql) -%}
  {{ adapter.dispatch('create_view_as', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__create_view_as(relation, sql) -%}
  {{ leat__sql_header() }}
  {%- if config.get('contract').enforced %}
    {{- get_assert_columns_equivalent(sql) }}
  {%- endif %}
  create view {{ relation.render() }} as (
    {{ sql }}
  );
{%- endmacro %}
