{#- Creating, naming and dropping relations in Postgres. -#}

{% macro postgres__create_schema(relation) -%}
  {%- if relation.database -%}
    {%- do adapter.verify_database(relation.database) -%}
  {%- endif -%}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier().include(database=False) }}
  {%- endcall -%}
{%- endmacro %}

{% macro postgres__drop_schema(relation) -%}
  {%- if relation.database -%}
    {%- do adapter.verify_database(relation.database) -%}
  {%- endif -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{%- endmacro %}

{#- Tables with a contract are created from it and then filled, so that the server checks the constraints. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {{ leat__sql_header() }}
  create {% if temporary %}temporary {% elif config.get('unlogged') %}unlogged {% endif %}table {{ relation }}
  {%- if enforced -%}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif -%}
  {%- if enforced and not temporary %}
    {{ get_table_columns_and_constraints() }};
  insert into {{ relation }} (
    {{ adapter.dispatch('get_column_names', 'dbt')() }}
  )
    {%- set sql = get_select_subquery(sql) %}
  {%- else %} as
  {%- endif %}
  (
    {{ sql }}
  );
{%- endmacro %}

{#- The relation's name with a suffix, and the time of day behind it if asked for. The name gives way where the whole would be too long. -#}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) -%}
  {%- set ending = suffix ~ (modules.datetime.datetime.now().strftime('%H%M%S%f') if dstring else '') -%}
  {%- set room = base_relation.relation_max_name_length() - ending | length -%}
  {%- if room < 0 -%}
    {%- do exceptions.raise_compiler_error("The suffix '" ~ ending ~ "' alone is longer than a relation's name may be") -%}
  {%- endif -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:room] ~ ending})) }}
{%- endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) -%}
  {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{%- endmacro %}

{#- Temporary tables live in a schema of their session. -#}
{% macro postgres__make_temp_relation(base_relation, suffix) -%}
  {%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {{ return(named.incorporate(path={'database': none, 'schema': none})) }}
{%- endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) -%}
  {%- set named = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) -%}
  {{ return(named.incorporate(type=backup_relation_type)) }}
{%- endmacro %}

{% macro postgres__drop_table(relation) -%}
  drop table if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__drop_view(relation) -%}
  drop view if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__get_rename_table_sql(relation, new_name) -%}
  alter table {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro postgres__get_rename_view_sql(relation, new_name) -%}
  alter view {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{#- Postgres replaces a view as long as its columns stay, and a table not at all. -#}

{% macro postgres__get_replace_view_sql(relation, sql) -%}
  {{ leat__sql_header() }}
  {%- if config.get('contract').enforced %}
    {{- get_assert_columns_equivalent(sql) }}
  {%- endif %}
  create or replace view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}

{% macro postgres__get_replace_table_sql(relation, sql) -%}
  {{ drop_table(relation) }};
  {{ get_create_table_as_sql(False, relation, sql) }}
{%- endmacro %}
