{% materialization seed, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set old_relation = load_cached_relation(this) -%}
  {%- set full_refresh = should_full_refresh() -%}
  {%- set agate_table = load_agate_table() -%}
  {%- do store_result('agate_table', response='OK', agate_table=agate_table) -%}

  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- if old_relation is not none and old_relation.is_table -%}
    {%- set preparation = reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
  {%- elif old_relation is not none and old_relation.is_view -%}
    {%- do exceptions.raise_compiler_error("Cannot seed to '" ~ old_relation.render() ~ "', it is a view") -%}
  {%- else -%}
    {%- set preparation = create_csv_table(model, agate_table) -%}
  {%- endif -%}
  {%- set loading = load_csv_rows(model, agate_table) -%}

  {%- set verb = 'CREATE' if full_refresh else 'INSERT' -%}
  {%- set row_count = agate_table.rows | length -%}
  {%- call noop_statement('main', verb ~ ' ' ~ row_count, verb, row_count) -%}
    {{ get_csv_sql(preparation, loading) }}
  {%- endcall -%}

  {%- do leat__describe(target_relation, old_relation, full_refresh) -%}
  {%- if full_refresh or not (old_relation is not none and old_relation.is_table) -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
