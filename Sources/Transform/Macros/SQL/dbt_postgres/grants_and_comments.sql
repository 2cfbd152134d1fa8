{#- Privileges and comments in Postgres. -#}

{#- A table built anew is another object, without the grants of the old one. -#}
{% macro postgres__copy_grants() -%}
  {{ return(false) }}
{%- endmacro %}

{#- What the current role has granted to others. -#}
{% macro postgres__get_show_grant_sql(relation) -%}
  select
    case held.grantee when 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(held.grantee)::text end as grantee,
    held.privilege_type
  from pg_catalog.pg_class c
  cross join lateral pg_catalog.aclexplode(c.relacl) held
  join pg_catalog.pg_roles me on me.rolname = current_user
  where c.relname = {{ leat__text(relation.identifier) }}
    and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = {{ leat__text(relation.schema) }})
    and held.grantor = me.oid
    and held.grantee <> me.oid
{%- endmacro %}

{#- A description as a literal of SQL. -#}
{% macro postgres_escape_comment(comment) -%}
  {%- if comment is not string -%}
    {%- do exceptions.raise_compiler_error("A description is text, not " ~ comment) -%}
  {%- endif -%}
  {{ return(leat__text(comment) | trim) }}
{%- endmacro %}

{% macro postgres__alter_relation_comment(relation, comment) -%}
  comment on {{ relation.type | replace('_', ' ') }} {{ relation }} is {{ postgres_escape_comment(comment) }}
{%- endmacro %}

{#- Columns that the relation does not have are passed over. -#}
{% macro postgres__alter_column_comment(relation, column_dict) -%}
  {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
  {%- for name, column in column_dict.items() if name in existing or (name | lower in existing and not column['quote']) %}
  comment on column {{ relation }}.{{ leat__column_name(column) }} is {{ postgres_escape_comment(column['description']) }};
  {%- endfor -%}
{%- endmacro %}
