{#- The rows of a unit test as queries. Columns are found by their lower-case names. -#}

{#- Input: every column of the relation it stands for, null where a row does not give it. -#}
{% macro get_fixture_sql(rows, column_name_to_data_types) -%}
  {%- set quoted = {} -%}
  {%- if column_name_to_data_types -%}
    {%- set types = column_name_to_data_types -%}
  {%- else -%}
    {%- set types = {} -%}
    {%- set described = defer_relation if defer_relation and not load_relation(this) else this -%}
    {%- for column in adapter.get_columns_in_relation(described) -%}
      {%- do types.update({column.name | lower: column.data_type}) -%}
      {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- endfor -%}
  {%- endif -%}
  {%- if not types -%}
    {%- do exceptions.raise_compiler_error("Not able to get columns for unit test '" ~ model.name ~ "' from relation "
          ~ this.render() ~ " because the relation doesn't exist") -%}
  {%- endif -%}

  {%- set blank = {} -%}
  {%- for name, type in types.items() -%}
    {%- do blank.update({name: safe_cast('null', type) | trim}) -%}
  {%- endfor -%}
  {%- for row in rows -%}
    {%- do validate_fixture_rows(rows, loop.index) -%}
    {%- set filled = blank.copy() -%}
    {%- do filled.update(format_row(row, types)) -%}
    {{ leat__row(filled, quoted) }}
    {%- if not loop.last %}
union all
    {% endif -%}
  {%- else -%}
    {{ leat__row(blank, quoted) }}
limit 0
  {%- endfor -%}
{%- endmacro %}

{#- Output: only the columns the test names. -#}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) -%}
  {%- for row in rows -%}
    {{ leat__row(format_row(row, column_name_to_data_types), column_name_to_quoted) }}
    {%- if not loop.last %}
union all
    {% endif -%}
  {%- else -%}
    select * from dbt_internal_unit_test_actual
limit 0
  {%- endfor -%}
{%- endmacro %}

{#- One row, from a mapping of names to SQL. -#}
{% macro leat__row(cells, quoted) -%}
  select
  {%- for name, cell in cells.items() %} {{ cell }} as {{ quoted[name] if name in quoted else name }}{{ ',' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{#- A row's values as SQL, cast to the types of their columns. -#}
{% macro format_row(row, column_name_to_data_types) -%}
  {%- set cells = {} -%}
  {%- for given, value in row.items() -%}
    {%- set name = given | lower -%}
    {%- if name not in column_name_to_data_types -%}
      {%- do exceptions.raise_compiler_error("Invalid column name: '" ~ given ~ "' in unit test fixture for "
            ~ ("expected output" if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'")
            ~ ".\nAccepted columns are: " ~ column_name_to_data_types.keys() | list) -%}
    {%- endif -%}
    {%- if value is none -%}
      {%- set literal = 'null' -%}
    {%- elif value is string -%}
      {%- set literal = dbt.string_literal(dbt.escape_single_quotes(value)) -%}
    {%- elif value is mapping -%}
      {%- set literal = dbt.string_literal(dbt.escape_single_quotes(tojson(value))) -%}
    {%- else -%}
      {%- set literal = value -%}
    {%- endif -%}
    {#- A limit on a text's length would cut a fixture's text to it without a word. -#}
    {%- set type = column_name_to_data_types[name] -%}
    {%- set unlimited = type.split('(')[0] -%}
    {%- if unlimited | lower | trim in ['character varying', 'varchar'] -%}
      {%- set type = unlimited -%}
    {%- endif -%}
    {%- do cells.update({name: safe_cast(literal, type) | trim}) -%}
  {%- endfor -%}
  {{ return(cells) }}
{%- endmacro %}

{#- A place for warehouses that cannot take every row. -#}
{% macro validate_fixture_rows(rows, row_number) -%}
  {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{%- endmacro %}

{% macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro %}
