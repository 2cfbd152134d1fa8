{#- Putting one relation in the place of another, in statements alone: the counterpart of staging.sql for kinds that rename cannot carry over. -#}

{% macro get_replace_sql(existing_relation, target_relation, sql) -%}
  {{ adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql) }}
{%- endmacro %}

{#- In one statement where the kind stays and can be replaced; else whichever of the two can be renamed is, so that one stands as long as possible. -#}
{% macro default__get_replace_sql(existing_relation, target_relation, sql) -%}
  {%- do log('Applying REPLACE to: ' ~ target_relation) -%}
  {%- if existing_relation.type == target_relation.type and target_relation.can_be_replaced -%}
    {%- if target_relation.is_table -%}
      {{ get_replace_table_sql(target_relation, sql) }}
    {%- elif target_relation.is_view -%}
      {{ get_replace_view_sql(target_relation, sql) }}
    {%- elif target_relation.is_materialized_view -%}
      {{ get_replace_materialized_view_sql(target_relation, sql) }}
    {%- endif -%}
  {%- else -%}
    {%- if target_relation.can_be_renamed %}
      {{ get_create_intermediate_sql(target_relation, sql) }};
    {%- endif %}
    {{ get_create_backup_sql(existing_relation) if existing_relation.can_be_renamed else get_drop_sql(existing_relation) }};
    {{ get_rename_intermediate_sql(target_relation) if target_relation.can_be_renamed else get_create_sql(target_relation, sql) }};
    {%- if existing_relation.can_be_renamed %}
      {{ get_drop_backup_sql(existing_relation) }}
    {%- endif %}
  {%- endif -%}
{%- endmacro %}

{% macro get_create_intermediate_sql(relation, sql) -%}
  {{ adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_create_intermediate_sql(relation, sql) -%}
  {%- do log('Applying CREATE INTERMEDIATE to: ' ~ relation) -%}
  {%- set intermediate = make_intermediate_relation(relation) -%}
  {{ get_drop_sql(intermediate) }};
  {{ get_create_sql(intermediate, sql) }}
{%- endmacro %}

{% macro get_rename_intermediate_sql(relation) -%}
  {{ adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__get_rename_intermediate_sql(relation) -%}
  {%- do log('Applying RENAME INTERMEDIATE to: ' ~ relation) -%}
  {{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}
{%- endmacro %}

{% macro get_create_backup_sql(relation) -%}
  {{ adapter.dispatch('get_create_backup_sql', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__get_create_backup_sql(relation) -%}
  {%- do log('Applying CREATE BACKUP to: ' ~ relation) -%}
  {%- set backup = make_backup_relation(relation, relation.type) -%}
  {{ get_drop_sql(backup) }};
  {{ get_rename_sql(relation, backup.identifier) }}
{%- endmacro %}

{% macro get_drop_backup_sql(relation) -%}
  {{ adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__get_drop_backup_sql(relation) -%}
  {%- do log('Applying DROP BACKUP to: ' ~ relation) -%}
  {{ get_drop_sql(make_backup_relation(relation, relation.type)) }}
{%- endmacro %}

{#- By the kind of relation. -#}

{% macro get_replace_table_sql(relation, sql) -%}
  {{ adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_replace_table_sql(relation, sql) -%}
  {%- do leat__not_offered('get_replace_table_sql') -%}
{%- endmacro %}

{% macro get_replace_view_sql(relation, sql) -%}
  {{ adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_replace_view_sql(relation, sql) -%}
  {%- do leat__not_offered('get_replace_view_sql') -%}
{%- endmacro %}

{% macro get_replace_materialized_view_sql(relation, sql) -%}
  {{ adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_replace_materialized_view_sql(relation, sql) -%}
  {%- do leat__not_offered('get_replace_materialized_view_sql') -%}
{%- endmacro %}

{#- A view built by replacing what is there, for materializations of warehouses that can. -#}
{% macro create_or_replace_view() -%}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- set old_relation = load_cached_relation(this) -%}
  {%- do run_hooks(pre_hooks) -%}
  {%- if old_relation is not none and not old_relation.is_view -%}
    {%- do handle_existing_table(should_full_refresh(), old_relation) -%}
  {%- endif -%}
  {%- call statement('main') -%}
    {{ get_create_view_as_sql(target_relation, sql) }}
  {%- endcall -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(old_relation, full_refresh_mode=True)) -%}
  {%- do run_hooks(post_hooks) -%}
  {{ return({'relations': [target_relation]}) }}
{%- endmacro %}

{% macro handle_existing_table(full_refresh, old_relation) -%}
  {{ adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) }}
{%- endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) -%}
  {%- do log('Dropping ' ~ old_relation.render() ~ ', a ' ~ old_relation.type ~ ' in the place of a view') -%}
  {%- do adapter.drop_relation(old_relation) -%}
{%- endmacro %}
