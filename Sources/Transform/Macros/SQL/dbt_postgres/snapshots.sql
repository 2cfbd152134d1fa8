{#- A snapshot in Postgres ends and adds versions in two statements, which every version of the server has. -#}
{% macro postgres__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set names = leat__snapshot_names() -%}
  {%- set columns = insert_cols | join(', ') -%}
  update {{ target }} as DBT_INTERNAL_DEST
  set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
  from {{ source }} as DBT_INTERNAL_SOURCE
  where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = DBT_INTERNAL_DEST.{{ names.dbt_scd_id }}::text
    and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update', 'delete')
    and {{ leat__is_current('DBT_INTERNAL_DEST.' ~ names.dbt_valid_to) }};

  insert into {{ target }} ({{ columns }})
  select {{ columns }}
  from {{ source }} as DBT_INTERNAL_SOURCE
  where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'
{%- endmacro %}
