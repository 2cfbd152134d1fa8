{#- The queries of a snapshot. -#}

{% macro get_true_sql() -%}
  {{ adapter.dispatch('get_true_sql', 'dbt')() }}
{%- endmacro %}

{% macro default__get_true_sql() -%}
  {{ return('TRUE') }}
{%- endmacro %}

{#- The first run: every row is a version that holds. -#}
{% macro build_snapshot_table(strategy, sql) -%}
  {{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}
{%- endmacro %}

{% macro default__build_snapshot_table(strategy, sql) -%}
  {%- set names = leat__snapshot_names() -%}
  select
    *,
    {{ strategy.scd_id }} as {{ names.dbt_scd_id }},
    {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
    {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
    {{ get_dbt_valid_to_current(strategy, names) }}
    {%- if strategy.hard_deletes == 'new_record' %},
    'False' as {{ names.dbt_is_deleted }}
    {%- endif %}
  from (
    {{ sql }}
  ) sbq
{%- endmacro %}

{#- A later run: the versions that begin ('insert') and end ('update', 'delete'), as a query. -#}
{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {%- set names = leat__snapshot_names() -%}
  {%- set key = strategy.unique_key -%}
  {%- set records_deletes = strategy.hard_deletes == 'new_record' -%}
  {%- set sees_deletes = records_deletes or strategy.invalidate_hard_deletes -%}
  {%- set was_deleted = 'snapshotted_data.' ~ names.dbt_is_deleted ~ " = 'True'" -%}
  {%- set changed = '(' ~ strategy.row_changed ~ (' or ' ~ was_deleted if records_deletes else '') ~ ')' -%}
  with snapshot_query as (
    {{ source_sql }}
  ),
  snapshotted_data as (
    select *, {{ unique_key_fields(key) }}
    from {{ target_relation }}
    where {{ leat__is_current(names.dbt_valid_to) }}
  ),
  beginning as (
    select
      *,
      {{ unique_key_fields(key) }},
      {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
      {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
      {{ get_dbt_valid_to_current(strategy, names) }},
      {{ strategy.scd_id }} as {{ names.dbt_scd_id }}
    from snapshot_query
  ),
  ending as (
    select
      *,
      {{ unique_key_fields(key) }},
      {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
      {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
      {{ strategy.updated_at }} as {{ names.dbt_valid_to }}
    from snapshot_query
  )
  select
    'insert' as dbt_change_type,
    source_data.*
    {%- if records_deletes %},
    'False' as {{ names.dbt_is_deleted }}
    {%- endif %}
  from beginning as source_data
  left join snapshotted_data on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
  where {{ unique_key_is_null(key, 'snapshotted_data') }} or {{ changed }}

  union all

  select
    'update' as dbt_change_type,
    source_data.*,
    snapshotted_data.{{ names.dbt_scd_id }}
    {%- if records_deletes %},
    snapshotted_data.{{ names.dbt_is_deleted }}
    {%- endif %}
  from ending as source_data
  join snapshotted_data on {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
  where {{ changed }}

  {%- if sees_deletes %}
    {%- set query_columns = get_columns_in_query(source_sql) %}

  union all

  select
    'delete' as dbt_change_type,
    {{ leat__deleted_row(strategy, names, query_columns, [], 'snapshotted_data.' ~ names.dbt_scd_id, snapshot_get_time(),
          'snapshotted_data.' ~ names.dbt_is_deleted) }}
  {{ leat__from_deleted(strategy, key, was_deleted) }}
  {%- endif %}

  {%- if records_deletes %}

  union all

  select
    'insert' as dbt_change_type,
    {{ leat__deleted_row(strategy, names, query_columns, get_list_of_column_names(get_columns_in_relation(target_relation)),
          snapshot_hash_arguments([names.dbt_scd_id, snapshot_get_time()]), 'snapshotted_data.' ~ names.dbt_valid_to, "'True'") }}
  {{ leat__from_deleted(strategy, key, was_deleted) }}
  {%- endif %}
{%- endmacro %}

{#- Rows that hold in the snapshot and are gone from the source. -#}
{% macro leat__from_deleted(strategy, key, was_deleted) -%}
  from snapshotted_data
  where not exists (
    select 1
    from ending as source_data
    where {{ unique_key_join_on(key, 'snapshotted_data', 'source_data') }}
  )
  {%- if strategy.hard_deletes == 'new_record' %}
    and not {{ was_deleted }}
  {%- endif -%}
{%- endmacro %}

{#- The columns of such a row in the order of the staging table. Of the query's columns it has those that are named as kept, the rest are null. -#}
{% macro leat__deleted_row(strategy, names, query_columns, kept, scd_id, valid_to, is_deleted) -%}
  {%- for name in query_columns -%}
    {{ ('snapshotted_data.' if name in kept else 'null as ') ~ adapter.quote(name) }},
  {% endfor -%}
  {%- for alias in leat__unique_key_aliases(strategy.unique_key) -%}
    snapshotted_data.{{ alias }},
  {% endfor -%}
  {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
  {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
  {{ valid_to }} as {{ names.dbt_valid_to }},
  {{ scd_id }} as {{ names.dbt_scd_id }}
  {%- if strategy.hard_deletes == 'new_record' %},
  {{ is_deleted }} as {{ names.dbt_is_deleted }}
  {%- endif -%}
{%- endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) -%}
  {%- set staging_relation = make_temp_relation(target_relation) -%}
  {%- call statement('build_snapshot_staging_relation') -%}
    {{ create_table_as(True, staging_relation, snapshot_staging_table(strategy, sql, target_relation)) }}
  {%- endcall -%}
  {{ return(staging_relation) }}
{%- endmacro %}

{#- Ends the versions that end and adds those that begin. -#}
{% macro snapshot_merge_sql(target, source, insert_cols) -%}
  {{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}
{%- endmacro %}

{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
  {%- set names = leat__snapshot_names() -%}
  merge into {{ target.render() }} as DBT_INTERNAL_DEST
  using {{ source }} as DBT_INTERNAL_SOURCE
  on DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ names.dbt_scd_id }}
  when matched
    and {{ leat__is_current('DBT_INTERNAL_DEST.' ~ names.dbt_valid_to) }}
    and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
    then update set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
  when not matched
    and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
    then insert ({{ insert_cols | join(', ') }}) values ({{ insert_cols | join(', ') }})
{%- endmacro %}

{#- After the snapshot: for warehouses whose staging table does not go by itself. -#}
{% macro post_snapshot(staging_relation) -%}
  {{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}
{%- endmacro %}

{% macro default__post_snapshot(staging_relation) -%}
{%- endmacro %}
