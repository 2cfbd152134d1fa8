{#- Where a node is built: the macros that projects override most. -#}

{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {{ return(adapter.dispatch('generate_alias_name', 'dbt')(custom_alias_name, node)) }}
{%- endmacro %}

{#- The alias if there is one, else the name, with the version at its end. -#}
{% macro default__generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name -%}
    {{ custom_alias_name | trim }}
  {%- else -%}
    {{ node.name }}{% if node.version %}_v{{ node.version | replace('.', '_') }}{% endif %}
  {%- endif -%}
{%- endmacro %}

{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
  {{ return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) }}
{%- endmacro %}

{#- The target's schema, and behind it the node's own. -#}
{% macro default__generate_schema_name(custom_schema_name, node) -%}
  {{ target.schema }}{% if custom_schema_name is not none %}_{{ custom_schema_name | trim }}{% endif %}
{%- endmacro %}

{#- For projects to call: in the target prod the plain schema of the node, in all others the target's. -#}
{% macro generate_schema_name_for_env(custom_schema_name, node) -%}
  {{ custom_schema_name | trim if custom_schema_name is not none and target.name == 'prod' else target.schema }}
{%- endmacro %}

{% macro generate_database_name(custom_database_name=none, node=none) -%}
  {{ return(adapter.dispatch('generate_database_name', 'dbt')(custom_database_name, node)) }}
{%- endmacro %}

{% macro default__generate_database_name(custom_database_name=none, node=none) -%}
  {{ target.database if custom_database_name is none else custom_database_name }}
{%- endmacro %}

{#- The name of the view that always shows the latest version of a versioned model. -#}
{% macro generate_latest_version_pointer_alias(custom_alias_name=none, node=none) -%}
  {{ return(adapter.dispatch('generate_latest_version_pointer_alias', 'dbt')(custom_alias_name, node)) }}
{%- endmacro %}

{% macro default__generate_latest_version_pointer_alias(custom_alias_name=none, node=none) -%}
  {{ custom_alias_name | trim if custom_alias_name else node.name }}
{%- endmacro %}
