{#- `clone`: a node of another state shown in this schema, as a copy where the warehouse clones tables and as a view elsewhere. -#}
{% materialization clone, default %}
  {%- if not defer_relation -%}
    {%- do log('No relation found in state manifest for ' ~ model.unique_id, info=True) -%}
    {{ return({'relations': []}) }}
  {%- endif -%}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- if existing_relation and not flags.FULL_REFRESH -%}
    {%- do log('Relation ' ~ existing_relation.render() ~ ' already exists', info=True) -%}
    {{ return({'relations': [existing_relation]}) }}
  {%- endif -%}

  {%- set origin = load_cached_relation(defer_relation) -%}
  {%- if not (origin and origin.is_table and can_clone_table()) -%}
    {%- set name = 'materialization_view_' ~ adapter.type() -%}
    {%- set build_view = context[name] if name in context else context['materialization_view_default'] -%}
    {{ return(build_view()) }}
  {%- endif -%}

  {%- set target_relation = this.incorporate(type='table') -%}
  {%- if existing_relation is not none and not existing_relation.is_table -%}
    {%- do log('Dropping ' ~ existing_relation.render() ~ ', a ' ~ existing_relation.type ~ ' in the place of a table') -%}
    {%- do drop_relation_if_exists(existing_relation) -%}
  {%- endif -%}
  {%- if target_relation == defer_relation -%}
    {%- do log('skipping clone for relation ' ~ target_relation.render() ~ ': it is its own origin') -%}
  {%- else -%}
    {%- call statement('main') -%}
      {{ create_or_replace_clone(target_relation, defer_relation) }}
    {%- endcall -%}
    {%- do leat__describe(target_relation, existing_relation) -%}
  {%- endif -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Whether the warehouse copies a table without copying its rows. -#}
{% macro can_clone_table() -%}
  {{ return(adapter.dispatch('can_clone_table', 'dbt')()) }}
{%- endmacro %}

{% macro default__can_clone_table() -%}
  {{ return(false) }}
{%- endmacro %}

{% macro create_or_replace_clone(this_relation, defer_relation) -%}
  {{ return(adapter.dispatch('create_or_replace_clone', 'dbt')(this_relation, defer_relation)) }}
{%- endmacro %}

{% macro default__create_or_replace_clone(this_relation, defer_relation) -%}
  create or replace table {{ this_relation.render() }} clone {{ defer_relation.render() }}
{%- endmacro %}
