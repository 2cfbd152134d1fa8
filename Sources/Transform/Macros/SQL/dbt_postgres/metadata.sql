{#- What Postgres says about itself. The system catalogs are read directly: information_schema checks privileges column by column, hides
    materialized views and costs milliseconds where these queries cost microseconds. -#}

{% macro postgres__information_schema_name(database) -%}
  {%- if database -%}
    {%- do adapter.verify_database(database) -%}
  {%- endif -%}
  information_schema
{%- endmacro %}

{% macro postgres__list_schemas(database) -%}
  {%- if database -%}
    {%- do adapter.verify_database(database) -%}
  {%- endif -%}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) -%}
    select nspname from pg_catalog.pg_namespace
  {%- endcall -%}
  {{ return(load_result('list_schemas').table) }}
{%- endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {%- if information_schema.database -%}
    {%- do adapter.verify_database(information_schema.database) -%}
  {%- endif -%}
  {%- call statement('check_schema_exists', fetch_result=True, auto_begin=False) -%}
    select count(*) from pg_catalog.pg_namespace where nspname = {{ leat__text(schema) }}
  {%- endcall -%}
  {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}

{#- Functions of extensions are nobody's nodes. Relations come last: a relation's name counts before a function's. -#}
{% macro postgres__list_relations_without_caching(schema_relation) -%}
  {%- call statement('list_relations_without_caching', fetch_result=True) -%}
    with here as (
      select oid, nspname
      from pg_catalog.pg_namespace
      where lower(nspname) = lower({{ leat__text(schema_relation.schema) }})
    ),
    found as (
      select distinct p.proname as name, p.pronamespace as schema_oid, 'function' as type, 1 as place
      from pg_catalog.pg_proc p
      where p.prokind in ('f', 'a')
        and not exists (
          select 1
          from pg_catalog.pg_depend d
          where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        )
      union all
      select c.relname, c.relnamespace, case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end, 2
      from pg_catalog.pg_class c
      where c.relkind in ('r', 'p', 'v', 'm')
    )
    select
      {{ leat__text(schema_relation.database) }} as database,
      found.name,
      here.nspname as schema,
      found.type
    from found
    join here on here.oid = found.schema_oid
    order by found.place, found.name
  {%- endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{%- endmacro %}

{#- The views that would fall with a relation: dropping cascades, and the cache has to follow. -#}
{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True) -%}
    select distinct
      dependent_schema.nspname as dependent_schema,
      dependent.relname as dependent_name,
      referenced_schema.nspname as referenced_schema,
      referenced.relname as referenced_name
    from pg_catalog.pg_depend d
    join pg_catalog.pg_rewrite r on r.oid = d.objid
    join pg_catalog.pg_class dependent on dependent.oid = r.ev_class
    join pg_catalog.pg_class referenced on referenced.oid = d.refobjid
    join pg_catalog.pg_namespace dependent_schema on dependent_schema.oid = dependent.relnamespace
    join pg_catalog.pg_namespace referenced_schema on referenced_schema.oid = referenced.relnamespace
    where d.classid = 'pg_catalog.pg_rewrite'::regclass
      and d.refclassid = 'pg_catalog.pg_class'::regclass
      and d.deptype = 'n'
      and dependent.oid <> referenced.oid
      and referenced_schema.nspname not in ('pg_catalog', 'information_schema')
    order by 3, 4, 1, 2
  {%- endcall -%}
  {{ return(load_result('relations').table) }}
{%- endmacro %}

{% macro postgres_get_relations() -%}
  {{ return(postgres__get_relations()) }}
{%- endmacro %}

{#- The columns as information_schema.columns describes them, for every kind of relation. A relation without a schema is found by the search path,
    which puts temporary tables first. -#}
{% macro postgres__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True) -%}
    select
      a.attname as column_name,
      case
        when shown.typelem <> 0 and shown.typlen = -1 then 'ARRAY'
        when shown.typnamespace = 'pg_catalog'::regnamespace then format_type(shown.oid, null)
        else 'USER-DEFINED'
      end as data_type,
      information_schema._pg_char_max_length(shown.oid, modifier) as character_maximum_length,
      information_schema._pg_numeric_precision(shown.oid, modifier) as numeric_precision,
      information_schema._pg_numeric_scale(shown.oid, modifier) as numeric_scale
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type declared on declared.oid = a.atttypid
    join pg_catalog.pg_type shown on shown.oid = case declared.typtype when 'd' then declared.typbasetype else declared.oid end
    cross join lateral (select case declared.typtype when 'd' then declared.typtypmod else a.atttypmod end) as modifiers (modifier)
    where c.relname = {{ leat__text(relation.identifier) }}
      and c.relkind in ('r', 'p', 'v', 'm', 'f')
    {%- if relation.schema %}
      and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = {{ leat__text(relation.schema) }})
    {%- else %}
      and pg_catalog.pg_table_is_visible(c.oid)
    {%- endif %}
    order by a.attnum
  {%- endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}

{#- A value as a literal of SQL. -#}
{% macro leat__text(value) -%}
  '{{ value | string | replace("'", "''") }}'
{%- endmacro %}
