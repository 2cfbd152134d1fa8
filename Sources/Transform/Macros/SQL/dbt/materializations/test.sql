{#- A data test: its query finds the rows that should not be there; `main` has one row of (failures, should_warn, should_error). -#}
{% materialization test, default %}
  {%- set relations = [] -%}
  {%- set limit = config.get('limit') -%}

  {%- if should_store_failures() -%}
    {%- set kind = config.get('store_failures_as') or 'table' -%}
    {%- if kind not in ['table', 'view'] -%}
      {%- do exceptions.raise_compiler_error("'" ~ kind ~ "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']") -%}
    {%- endif -%}
    {%- set target_relation = api.Relation.create(database=database, schema=schema, identifier=model.alias, type=kind) -%}
    {%- do drop_relation_if_exists(load_cached_relation(target_relation)) -%}
    {%- call statement(auto_begin=True) -%}
      {{ get_create_sql(target_relation, sql if limit is none else get_limit_subquery_sql(sql, limit)) }}
    {%- endcall -%}
    {%- do relations.append(target_relation) -%}
    {%- do adapter.commit() -%}
    {%- set failing_rows = 'select * from ' ~ target_relation.render() -%}
  {%- else -%}
    {%- set failing_rows = sql -%}
  {%- endif -%}

  {%- call statement('main', fetch_result=True) -%}
    {{ get_test_sql(failing_rows, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit) }}
  {%- endcall -%}
  {{ return({'relations': relations}) }}
{% endmaterialization %}
