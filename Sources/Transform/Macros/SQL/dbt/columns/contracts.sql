{#- Contracts: the columns a model promises in its properties, against those its query gives. -#}

{% macro get_table_columns_and_constraints() -%}
  {{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}
{%- endmacro %}

{% macro default__get_table_columns_and_constraints() -%}
  {{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{#- The definitions of a create table statement, in parentheses. -#}
{% macro table_columns_and_constraints() -%}
  {%- set definitions = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
        + adapter.render_raw_model_constraints(raw_constraints=model['constraints']) -%}
  (
    {{ definitions | join(',\n    ') }}
  )
{%- endmacro %}

{#- The contract's column names, for an insert statement. -#}
{% macro default__get_column_names() -%}
  {%- for column in model.columns.values() -%}
    {{ leat__column_name(column) }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{#- The query with its columns in the contract's order. -#}
{% macro get_select_subquery(sql) -%}
  {{ return(adapter.dispatch('get_select_subquery', 'dbt')(sql)) }}
{%- endmacro %}

{% macro default__get_select_subquery(sql) -%}
  select {{ adapter.dispatch('get_column_names', 'dbt')() }}
  from (
    {{ sql }}
  ) as model_subq
{%- endmacro %}

{#- Ends the node if names or types differ. Gives no text. -#}
{% macro get_assert_columns_equivalent(sql) -%}
  {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro %}

{% macro default__get_assert_columns_equivalent(sql) -%}
  {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{#- Both sides' types are asked of the database, so that two spellings of one type are equal. -#}
{% macro assert_columns_equivalent(sql) -%}
  {%- if not model['columns'] -%}
    {%- do exceptions.raise_contract_error([], []) -%}
  {%- endif -%}
  {%- set given = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
  {%- set promised = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}
  {%- set given_lines = given | map(attribute='formatted') | sort -%}
  {%- set promised_lines = promised | map(attribute='formatted') | sort -%}
  {%- if given_lines != promised_lines -%}
    {%- do exceptions.raise_contract_error(promised, given) -%}
  {%- endif -%}
{%- endmacro %}

{#- Columns as {name, data_type, formatted}. -#}
{% macro format_columns(columns) -%}
  {%- set format = adapter.dispatch('format_column', 'dbt') -%}
  {%- set formatted = [] -%}
  {%- for column in columns -%}
    {%- do formatted.append(format(column)) -%}
  {%- endfor -%}
  {{ return(formatted) }}
{%- endmacro %}

{% macro default__format_column(column) -%}
  {{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.column.lower() ~ ' ' ~ column.dtype}) }}
{%- endmacro %}
