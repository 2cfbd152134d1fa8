{#- The catalog of `docs generate`: one row per column of the relations asked for. -#}

{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for schema in schemas -%}
    {%- do wanted.append({'schema': schema}) -%}
  {%- endfor -%}
  {{ return(postgres__get_catalog_relations(information_schema, wanted)) }}
{%- endmacro %}

{#- An entry without an identifier stands for its whole schema. -#}
{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- if information_schema.database -%}
    {%- do adapter.verify_database(information_schema.database) -%}
  {%- endif -%}
  {%- call statement('catalog', fetch_result=True) -%}
    select
      {{ leat__text(information_schema.database) }} as table_database,
      n.nspname as table_schema,
      c.relname as table_name,
      case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
      obj_description(c.oid, 'pg_class') as table_comment,
      a.attname as column_name,
      a.attnum as column_index,
      format_type(a.atttypid, a.atttypmod) as column_type,
      col_description(c.oid, a.attnum) as column_comment,
      pg_get_userbyid(c.relowner) as table_owner
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'f', 'v', 'm')
      and c.relpersistence <> 't'
      and (
      {%- for relation in relations %}
        (
          lower(n.nspname) = lower({{ leat__text(relation.schema) }})
          {%- if relation.identifier %} and lower(c.relname) = lower({{ leat__text(relation.identifier) }}){% endif -%}
        ){{ ' or' if not loop.last }}
      {%- else %}
        false
      {%- endfor %}
      )
    order by table_schema, table_name, column_index
  {%- endcall -%}
  {{ return(load_result('catalog').table) }}
{%- endmacro %}
