{#- The columns a snapshot adds to those of its query. -#}

{#- Their names where the configuration does not rename them. -#}
{% macro get_snapshot_table_column_names() -%}
  {{ return({
      'dbt_valid_from': 'dbt_valid_from',
      'dbt_valid_to': 'dbt_valid_to',
      'dbt_scd_id': 'dbt_scd_id',
      'dbt_updated_at': 'dbt_updated_at',
      'dbt_is_deleted': 'dbt_is_deleted',
  }) }}
{%- endmacro %}

{% macro leat__snapshot_names() -%}
  {{ return(config.get('snapshot_table_column_names') or get_snapshot_table_column_names()) }}
{%- endmacro %}

{#- Columns of the staging table that are not for the snapshot. -#}
{% macro leat__snapshot_internal_columns(strategy) -%}
  {%- set names = ['dbt_change_type', 'dbt_unique_key'] -%}
  {%- if strategy.unique_key is not string -%}
    {%- for key in strategy.unique_key -%}
      {%- do names.append('dbt_unique_key_' ~ loop.index) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(names + names | map('upper') | list) }}
{%- endmacro %}

{#- The end of a version that holds: null, or the configured moment, of the type of the other moments. -#}
{% macro get_dbt_valid_to_current(strategy, columns) -%}
  {%- set until = config.get('dbt_valid_to_current') or 'null' -%}
  coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ until }}) as {{ columns.dbt_valid_to }}
{%- endmacro %}

{#- The condition that a version of the snapshot holds. -#}
{% macro leat__is_current(end_column) -%}
  {%- set until = config.get('dbt_valid_to_current') -%}
  {%- if until -%}
    ({{ end_column }} is null or {{ equals(end_column, until) }})
  {%- else -%}
    {{ end_column }} is null
  {%- endif -%}
{%- endmacro %}

{#- A unique key of one column or of several. -#}

{% macro unique_key_fields(unique_key) -%}
  {%- if unique_key is string -%}
    {{ unique_key }} as dbt_unique_key
  {%- else -%}
    {%- for key in unique_key -%}
      {{ key }} as dbt_unique_key_{{ loop.index }}{{ ', ' if not loop.last }}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{% macro leat__unique_key_aliases(unique_key) -%}
  {%- if unique_key is string -%}
    {{ return(['dbt_unique_key']) }}
  {%- endif -%}
  {%- set aliases = [] -%}
  {%- for key in unique_key -%}
    {%- do aliases.append('dbt_unique_key_' ~ loop.index) -%}
  {%- endfor -%}
  {{ return(aliases) }}
{%- endmacro %}

{#- Of a key of several columns some may be null and yet be the same row; a key of one column may not. -#}
{% macro unique_key_join_on(unique_key, identifier, from_identifier) -%}
  {%- if unique_key is string -%}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- else -%}
    {%- for alias in leat__unique_key_aliases(unique_key) -%}
      {{ equals(identifier ~ '.' ~ alias, from_identifier ~ '.' ~ alias) }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
  {%- endif -%}
{%- endmacro %}

{#- Whether an outer join has found nothing: the first column says it. -#}
{% macro unique_key_is_null(unique_key, identifier) -%}
  {{ identifier }}.{{ leat__unique_key_aliases(unique_key) | first }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) -%}
  {{ identifier }}.{{ leat__unique_key_aliases(unique_key) | first }} is not null
{%- endmacro %}

{% macro create_columns(relation, columns) -%}
  {{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}
{%- endmacro %}

{% macro default__create_columns(relation, columns) -%}
  {%- for column in columns -%}
    {%- call statement() -%}
      alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.data_type }}
    {%- endcall -%}
  {%- endfor -%}
{%- endmacro %}

{#- The types of the moments a snapshot stores and of those its query gives should be one. -#}

{% macro get_updated_at_column_data_type(snapshot_sql) -%}
  {%- for column in get_column_schema_from_query(snapshot_sql) if column.name | lower == 'dbt_updated_at' -%}
    {{ return(column.dtype) }}
  {%- endfor -%}
  {{ return(none) }}
{%- endmacro %}

{% macro check_time_data_types(sql) -%}
  {%- set given = get_updated_at_column_data_type(sql) -%}
  {%- set own = get_snapshot_get_time_data_type() -%}
  {%- if given is not none and own is not none and given != own -%}
    {%- do exceptions.warn_snapshot_timestamp_data_types(own, given) -%}
  {%- endif -%}
{%- endmacro %}
