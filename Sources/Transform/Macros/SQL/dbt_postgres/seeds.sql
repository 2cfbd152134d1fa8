{#- The rows of a seed go in by COPY, straight from the file. -#}
{% macro postgres__load_csv_rows(model, agate_table) -%}
  {{ return(adapter.copy_seed(this, get_seed_column_quoted_csv(model, agate_table.column_names), agate_table)) }}
{%- endmacro %}
