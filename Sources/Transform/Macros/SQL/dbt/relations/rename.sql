{#- Renaming relations. -#}

{#- What adapter.rename_relation() runs, after it has renamed the relation in the cache. -#}
{% macro rename_relation(from_relation, to_relation) -%}
  {{ return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) }}
{%- endmacro %}

{% macro default__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') -%}
    alter table {{ from_relation.render() }} rename to {{ adapter.quote_as_configured(to_relation.identifier, 'identifier') }}
  {%- endcall -%}
{%- endmacro %}

{#- The statement alone, by the kind of relation. -#}
{% macro get_rename_sql(relation, new_name) -%}
  {{ adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name) }}
{%- endmacro %}

{% macro default__get_rename_sql(relation, new_name) -%}
  {%- do log('Applying RENAME to: ' ~ relation) -%}
  {%- if relation.is_table -%}
    {{ get_rename_table_sql(relation, new_name) }}
  {%- elif relation.is_view -%}
    {{ get_rename_view_sql(relation, new_name) }}
  {%- elif relation.is_materialized_view -%}
    {{ get_rename_materialized_view_sql(relation, new_name) }}
  {%- else -%}
    {%- do exceptions.raise_compiler_error("There is no macro get_rename_sql for a " ~ relation.type ~ " such as " ~ relation) -%}
  {%- endif -%}
{%- endmacro %}

{% macro get_rename_table_sql(relation, new_name) -%}
  {{ adapter.dispatch('get_rename_table_sql', 'dbt')(relation, new_name) }}
{%- endmacro %}

{% macro default__get_rename_table_sql(relation, new_name) -%}
  {%- do leat__not_offered('get_rename_table_sql') -%}
{%- endmacro %}

{% macro get_rename_view_sql(relation, new_name) -%}
  {{ adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) }}
{%- endmacro %}

{% macro default__get_rename_view_sql(relation, new_name) -%}
  {%- do leat__not_offered('get_rename_view_sql') -%}
{%- endmacro %}

{% macro get_rename_materialized_view_sql(relation, new_name) -%}
  {{ adapter.dispatch('get_rename_materialized_view_sql', 'dbt')(relation, new_name) }}
{%- endmacro %}

{% macro default__get_rename_materialized_view_sql(relation, new_name) -%}
  {%- do leat__not_offered('get_rename_materialized_view_sql') -%}
{%- endmacro %}

{#- Ends the node: the warehouse in use has no version of a macro that has no general one. -#}
{% macro leat__not_offered(name) -%}
  {%- do exceptions.raise_compiler_error("The macro " ~ name ~ " is not written for " ~ adapter.type()) -%}
{%- endmacro %}
