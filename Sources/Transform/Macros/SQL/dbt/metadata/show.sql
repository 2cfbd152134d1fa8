{#- `show`: a look at a node's rows. -#}

{% macro get_show_sql(compiled_code, sql_header, limit) -%}
  {%- if sql_header is not none %}{{ sql_header }}
{% endif -%}
  {{ compiled_code if limit is none else get_limit_subquery_sql(compiled_code, limit) }}
{%- endmacro %}

{% macro get_limit_subquery_sql(sql, limit) -%}
  {{ adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) }}
{%- endmacro %}

{#- The line break keeps the limit out of a comment that ends the query. -#}
{% macro default__get_limit_sql(sql, limit) -%}
  {{ sql }}
  {%- if limit is not none %}
limit {{ limit }}
  {%- endif -%}
{%- endmacro %}
