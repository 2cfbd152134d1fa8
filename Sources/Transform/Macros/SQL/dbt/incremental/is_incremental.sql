{#- In a model: whether this run adds to a table that is there. -#}
{% macro is_incremental() -%}
  {%- if not execute or model.config.materialized != 'incremental' -%}
    {{ return(false) }}
  {%- endif -%}
  {%- set relation = load_cached_relation(this) -%}
  {{ return(relation is not none and relation.is_table and not should_full_refresh()) }}
{%- endmacro %}
