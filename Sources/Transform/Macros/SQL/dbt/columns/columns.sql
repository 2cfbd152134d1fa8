{#- Columns of relations and of queries. -#}

{% macro get_columns_in_relation(relation) -%}
  {{ return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_columns_in_relation(relation) -%}
  {%- do exceptions.raise_not_implemented('get_columns_in_relation macro not implemented for adapter ' ~ adapter.type()) -%}
{%- endmacro %}

{#- Columns from rows of (name, type, length, precision, scale). -#}
{% macro sql_convert_columns_in_relation(table) -%}
  {%- set columns = [] -%}
  {%- for row in table -%}
    {%- do columns.append(api.Column(*row)) -%}
  {%- endfor -%}
  {{ return(columns) }}
{%- endmacro %}

{% macro get_list_of_column_names(columns) -%}
  {{ return(columns | map(attribute='name') | list) }}
{%- endmacro %}

{#- A query with the columns of another and no rows. -#}
{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}
{%- endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
  {%- if select_sql_header is not none %}{{ select_sql_header }}
{% endif -%}
  select * from (
    {{ select_sql }}
  ) as __dbt_sbq
  where false
  limit 0
{%- endmacro %}

{#- A query with the columns of a contract and no rows. Every column has to have a data type. -#}
{% macro get_empty_schema_sql(columns) -%}
  {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) -%}
  {%- set untyped = [] -%}
  {%- set bare_numerics = [] -%}
  {%- set fields = [] -%}
  {%- for column in columns.values() -%}
    {%- if column['data_type'] is not defined or column['data_type'] is none -%}
      {%- do untyped.append(column['name']) -%}
    {%- else -%}
      {%- if column['data_type'].strip().lower() in ('numeric', 'decimal', 'number') -%}
        {%- do bare_numerics.append(column['name']) -%}
      {%- endif -%}
      {%- do fields.append(cast('null', column['data_type']) ~ ' as ' ~ leat__column_name(column)) -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if untyped -%}
    {%- do exceptions.column_type_missing(column_names=untyped) -%}
  {%- endif -%}
  {%- if bare_numerics -%}
    {%- do exceptions.warn('Detected columns with numeric type and unspecified precision/scale, this can lead to unintended rounding: '
          ~ bare_numerics) -%}
  {%- endif -%}
  select {{ fields | join(', ') }}
{%- endmacro %}

{#- The name of a column of model.columns, quoted where its properties ask for it. -#}
{% macro leat__column_name(column) -%}
  {{ return(adapter.quote(column['name']) if column.get('quote') else column['name']) }}
{%- endmacro %}

{#- The columns of a query with their types. The query is not run for its rows. -#}
{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
  {{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}
{%- endmacro %}

{% macro get_columns_in_query(select_sql) -%}
  {{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}
{%- endmacro %}

{% macro default__get_columns_in_query(select_sql) -%}
  {%- call statement('get_columns_in_query', fetch_result=true, auto_begin=false) -%}
    {{ get_empty_subquery_sql(select_sql) }}
  {%- endcall -%}
  {{ return(load_result('get_columns_in_query').table.columns | map(attribute='name') | list) }}
{%- endmacro %}

{% macro get_quoted_csv(column_names) -%}
  {%- set quoted = [] -%}
  {%- for name in column_names -%}
    {%- do quoted.append(adapter.quote(name)) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ')) }}
{%- endmacro %}
