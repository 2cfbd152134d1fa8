{#- A table of every version a row of the source has had. -#}
{% materialization snapshot, default %}
  {%- set exists, target_relation = get_or_create_relation(
        database=model.database, schema=model.schema, identifier=model.get('alias', model.get('name')), type='table') -%}
  {%- if not target_relation.is_table -%}
    {%- do exceptions.relation_wrong_type(target_relation, 'table') -%}
  {%- endif -%}

  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- set strategy_macro = strategy_dispatch(config.get('strategy')) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], exists) -%}

  {%- if exists -%}
    {%- set names = leat__snapshot_names() -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target_relation, names, strategy) -%}
    {%- set changes = snapshot_staging_table(strategy, sql, target_relation) -%}
    {%- set staging_relation = build_snapshot_staging_table(strategy, sql, target_relation) -%}
    {%- do adapter.expand_target_column_types(from_relation=staging_relation, to_relation=target_relation) -%}

    {%- set internal = leat__snapshot_internal_columns(strategy) -%}
    {%- do create_columns(target_relation,
          adapter.get_missing_columns(staging_relation, target_relation) | rejectattr('name', 'in', internal) | list) -%}
    {%- set stored = [] -%}
    {%- for column in adapter.get_columns_in_relation(staging_relation) | rejectattr('name', 'in', internal) -%}
      {%- do stored.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- set main_sql = snapshot_merge_sql(target=target_relation, source=staging_relation, insert_cols=stored) -%}
  {%- else -%}
    {%- set changes = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- set main_sql = create_table_as(False, target_relation, changes) -%}
  {%- endif -%}
  {%- do check_time_data_types(changes) -%}

  {%- call statement('main') -%}
    {{ main_sql }}
  {%- endcall -%}

  {%- do leat__describe(target_relation, exists, full_refresh=False) -%}
  {%- if not exists -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- if staging_relation is defined -%}
    {%- do post_snapshot(staging_relation) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
