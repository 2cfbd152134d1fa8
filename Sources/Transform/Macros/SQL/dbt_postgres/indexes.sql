{#- Indexes in Postgres. Their names are made by parse_index() from what they cover, so that two never meet in one schema. -#}

{% macro postgres__get_create_index_sql(relation, index_dict) -%}
  {%- set index = adapter.parse_index(index_dict) -%}
  create {% if index.unique %}unique {% endif %}index if not exists "{{ index.render(relation) }}" on {{ relation }}
  {%- if index.type %} using {{ index.type }}{% endif %} ({{ index.columns | join(', ') }})
{%- endmacro %}

{% macro postgres__get_drop_index_sql(relation, index_name) -%}
  drop index if exists {{ adapter.quote(relation.schema) }}.{{ adapter.quote(index_name) }} cascade
{%- endmacro %}

{#- The indexes of a relation in the terms of the `indexes` configuration. -#}
{% macro postgres__get_show_indexes_sql(relation) -%}
  select
    i.relname as name,
    m.amname as method,
    x.indisunique as "unique",
    (
      select string_agg(a.attname, ',' order by k.place)
      from unnest(x.indkey) with ordinality as k (attnum, place)
      join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
    ) as column_names
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_am m on m.oid = i.relam
  join pg_catalog.pg_class c on c.oid = x.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relname = {{ leat__text(relation.identifier) }}
    and n.nspname = {{ leat__text(relation.schema) }}
  order by i.relname
{%- endmacro %}
