{#- Materialized views: what a warehouse that has them provides. -#}

{% macro get_create_materialized_view_as_sql(relation, sql) -%}
  {{ adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_create_materialized_view_as_sql(relation, sql) -%}
  {%- do leat__not_offered('get_create_materialized_view_as_sql') -%}
{%- endmacro %}

{#- Brings the rows up to date. -#}
{% macro refresh_materialized_view(relation) -%}
  {%- do log('Applying REFRESH to: ' ~ relation) -%}
  {{ adapter.dispatch('refresh_materialized_view', 'dbt')(relation) }}
{%- endmacro %}

{% macro default__refresh_materialized_view(relation) -%}
  {%- do leat__not_offered('refresh_materialized_view') -%}
{%- endmacro %}

{#- How the view's configuration differs from what is in the database; none where it does not. -#}
{% macro get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {{ return(adapter.dispatch('get_materialized_view_configuration_changes', 'dbt')(existing_relation, new_config)) }}
{%- endmacro %}

{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {%- do leat__not_offered('get_materialized_view_configuration_changes') -%}
{%- endmacro %}

{#- Brings the configuration up to date. -#}
{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {{ return(adapter.dispatch('get_alter_materialized_view_as_sql', 'dbt')(
      relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation)) }}
{%- endmacro %}

{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- do leat__not_offered('get_alter_materialized_view_as_sql') -%}
{%- endmacro %}
