{#- The table of a seed, and its rows. Macros that do something return its text, for target/run. -#}

{% macro create_csv_table(model, agate_table) -%}
  {{ adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) }}
{%- endmacro %}

{#- Types come from the values, except where column_types names them. -#}
{% macro default__create_csv_table(model, agate_table) -%}
  {%- set chosen = model.config.get('column_types', {}) -%}
  {%- set quoting = model.config.get('quote_columns', none) -%}
  {%- set fields = [] -%}
  {%- for name in agate_table.column_names -%}
    {%- set type = chosen[name] if name in chosen else adapter.convert_type(agate_table, loop.index0) -%}
    {%- do fields.append(adapter.quote_seed_column(name | string, quoting) ~ ' ' ~ type) -%}
  {%- endfor -%}
  {%- set command = 'create table ' ~ this.render() ~ ' (' ~ fields | join(', ') ~ ')' -%}
  {%- call statement('create_csv_table') -%}
    {{ command }}
  {%- endcall -%}
  {{ return(command) }}
{%- endmacro %}

{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {{ adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) }}
{%- endmacro %}

{#- Emptied where it stands, so that what depends on it stays; dropped and made anew in a full refresh. -#}
{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- if full_refresh -%}
    {%- do adapter.drop_relation(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
  {%- endif -%}
  {%- do adapter.truncate_relation(old_relation) -%}
  {{ return('truncate table ' ~ old_relation.render()) }}
{%- endmacro %}

{% macro get_csv_sql(create_or_truncate_sql, insert_sql) -%}
  {{ adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) }}
{%- endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) -%}
  {{ create_or_truncate_sql }};
  {{ insert_sql }}
{%- endmacro %}

{#- How a value's place is marked in an insert statement. -#}
{% macro get_binding_char() -%}
  {{ adapter.dispatch('get_binding_char', 'dbt')() }}
{%- endmacro %}

{% macro default__get_binding_char() -%}
  {{ return('%s') }}
{%- endmacro %}

{#- How many rows one insert statement takes. -#}
{% macro get_batch_size() -%}
  {{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_batch_size() -%}
  {{ return(10000) }}
{%- endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) -%}
  {%- set quoting = model.config.get('quote_columns', none) -%}
  {%- set names = [] -%}
  {%- for name in column_names -%}
    {%- do names.append(adapter.quote_seed_column(name | string, quoting)) -%}
  {%- endfor -%}
  {{ return(names | join(', ')) }}
{%- endmacro %}

{% macro load_csv_rows(model, agate_table) -%}
  {{ adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) }}
{%- endmacro %}

{#- By insert statements. Only the first one's text is returned: the rest differ in nothing but values. -#}
{% macro default__load_csv_rows(model, agate_table) -%}
  {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
  {%- set place = get_binding_char() | trim -%}
  {%- set texts = [] -%}
  {%- for rows in agate_table.rows | batch(get_batch_size() | int) -%}
    {%- set bindings = [] -%}
    {%- set tuples = [] -%}
    {%- for row in rows -%}
      {%- do bindings.extend(row) -%}
      {%- do tuples.append('(' ~ ([place] * (row | length)) | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set command = 'insert into ' ~ this.render() ~ ' (' ~ columns ~ ') values ' ~ tuples | join(', ') -%}
    {%- do adapter.add_query(command, bindings=bindings, abridge_sql_log=True) -%}
    {%- if loop.first -%}
      {%- do texts.append(command) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(texts[0] if texts else '') }}
{%- endmacro %}
