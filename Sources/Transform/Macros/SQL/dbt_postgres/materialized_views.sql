{#- Materialized views in Postgres, with their indexes, which are all of their configuration. -#}

{% macro postgres__get_create_materialized_view_as_sql(relation, sql) -%}
  create materialized view if not exists {{ relation }} as
  {{ sql }};
  {% for index_dict in config.get('indexes', []) -%}
    {{ get_create_index_sql(relation, index_dict) }};
  {% endfor -%}
{%- endmacro %}

{% macro postgres__drop_materialized_view(relation) -%}
  drop materialized view if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__refresh_materialized_view(relation) -%}
  refresh materialized view {{ relation }}
{%- endmacro %}

{% macro postgres__get_rename_materialized_view_sql(relation, new_name) -%}
  alter materialized view {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{#- What is in the database, as the adapter compares it with the configuration. -#}
{% macro postgres__describe_materialized_view(relation) -%}
  {{ return({'indexes': run_query(get_show_indexes_sql(relation))}) }}
{%- endmacro %}

{% macro postgres__get_materialized_view_configuration_changes(existing_relation, new_config) -%}
  {{ return(existing_relation.get_materialized_view_config_change_collection(
      postgres__describe_materialized_view(existing_relation), new_config.model)) }}
{%- endmacro %}

{% macro postgres__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -%}
  {%- if configuration_changes.requires_full_refresh -%}
    {{ get_replace_sql(existing_relation, relation, sql) }}
  {%- else -%}
    {%- do log('Applying ALTER to: ' ~ relation) -%}
    {{ postgres__update_indexes_on_materialized_view(relation, configuration_changes.indexes) }}
  {%- endif -%}
{%- endmacro %}

{% macro postgres__update_indexes_on_materialized_view(relation, index_changes) -%}
  {%- do log('Applying UPDATE INDEXES to: ' ~ relation) -%}
  {%- for change in index_changes %}
    {%- if change.action == 'drop' %}
  {{ postgres__get_drop_index_sql(relation, change.context.name) }};
    {%- elif change.action == 'create' %}
  {{ postgres__get_create_index_sql(relation, change.context.as_node_config) }};
    {%- endif %}
  {%- endfor -%}
{%- endmacro %}
