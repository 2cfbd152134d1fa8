{#- A table that each run adds to. The first run, a full refresh and a view in the table's place build it whole. -#}
{% materialization incremental, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set staging = leat__staging(target_relation) -%}
  {%- set existing = staging.existing -%}
  {%- set rebuild = existing is not none and (should_full_refresh() or existing.is_view) -%}
  {%- set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') -%}
  {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}

  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- if rebuild or existing is none -%}
    {%- set whole = staging.intermediate if rebuild else target_relation -%}
    {%- set build_sql = get_create_table_as_sql(False, whole, sql) -%}
  {%- else -%}
    {%- set build_sql = strategy(leat__incremental_step(existing, target_relation, on_schema_change)) -%}
  {%- endif -%}

  {%- call statement('main') -%}
    {{ build_sql }}
  {%- endcall -%}

  {%- if whole is defined -%}
    {%- do create_indexes(whole) -%}
  {%- endif -%}
  {%- if rebuild -%}
    {%- set replaced = leat__publish(staging) -%}
  {%- endif -%}
  {%- do leat__describe(target_relation, existing, full_refresh=rebuild) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}

  {%- if rebuild -%}
    {%- do drop_relation_if_exists(replaced) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Runs the model's query into a temporary table, brings the columns of the table in line, and returns what a strategy is told. -#}
{% macro leat__incremental_step(existing, target_relation, on_schema_change) -%}
  {%- set temp_relation = make_temp_relation(target_relation) -%}
  {%- do run_query(get_create_table_as_sql(True, temp_relation, sql)) -%}
  {%- set contract = config.get('contract') -%}
  {%- if not (contract and contract.enforced) -%}
    {%- do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) -%}
  {%- endif -%}
  {%- set columns = process_schema_changes(on_schema_change, temp_relation, existing) -%}
  {{ return({
      'target_relation': target_relation,
      'temp_relation': temp_relation,
      'unique_key': config.get('unique_key'),
      'dest_columns': columns or adapter.get_columns_in_relation(existing),
      'incremental_predicates': config.get('predicates') or config.get('incremental_predicates'),
  }) }}
{%- endmacro %}
