{#- A relation is built under a name of its own and then takes its place in one transaction, so that readers always find one. -#}

{#- The four relations of such a build. What an earlier run has left under the two passing names is dropped. -#}
{% macro leat__staging(target_relation) -%}
  {%- set existing = load_cached_relation(target_relation) -%}
  {%- set staging = {
        'existing': existing,
        'built': target_relation,
        'intermediate': make_intermediate_relation(target_relation),
        'backup': make_backup_relation(target_relation, target_relation.type if existing is none else existing.type),
  } -%}
  {%- for leftover in [staging.intermediate, staging.backup] -%}
    {%- do drop_relation_if_exists(load_cached_relation(leftover)) -%}
  {%- endfor -%}
  {{ return(staging) }}
{%- endmacro %}

{#- Moves the relation that is there out of the way and the new one in, and returns what is to be dropped once that is committed, or none.
    Dropping leftovers may have taken the old one along. -#}
{% macro leat__publish(staging) -%}
  {%- set replaced = none if staging.existing is none else load_cached_relation(staging.existing) -%}
  {%- if replaced is not none -%}
    {%- do adapter.rename_relation(replaced, staging.backup) -%}
  {%- endif -%}
  {%- do adapter.rename_relation(staging.intermediate, staging.built) -%}
  {{ return(none if replaced is none else staging.backup) }}
{%- endmacro %}

{#- Grants and comments of a finished relation. -#}
{% macro leat__describe(relation, existing, full_refresh=True) -%}
  {%- do apply_grants(relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=full_refresh)) -%}
  {%- do persist_docs(relation, model) -%}
{%- endmacro %}
