{% materialization materialized_view, default %}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type=this.MaterializedView) -%}
  {%- set intermediate_relation = make_intermediate_relation(target_relation) -%}
  {%- set backup_relation = make_backup_relation(
        target_relation, this.MaterializedView if existing_relation is none else existing_relation.type) -%}

  {%- do materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) -%}
  {%- set build_sql = materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) -%}
  {%- if build_sql | trim -%}
    {%- do materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) -%}
  {%- else -%}
    {%- do materialized_view_execute_no_op(target_relation) -%}
  {%- endif -%}
  {%- do materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- Before the transaction: what an earlier run has left behind goes. -#}
{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) -%}
  {%- for leftover in [intermediate_relation, backup_relation] -%}
    {%- do drop_relation_if_exists(load_cached_relation(leftover)) -%}
  {%- endfor -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
{%- endmacro %}

{#- After the transaction. -#}
{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) -%}
  {%- for passing in [intermediate_relation, backup_relation] -%}
    {%- do drop_relation_if_exists(load_cached_relation(passing)) -%}
  {%- endfor -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
{%- endmacro %}

{#- Create, replace, refresh or alter; no text where nothing is to be done. -#}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) -%}
  {%- if existing_relation is none -%}
    {{ return(get_create_materialized_view_as_sql(target_relation, sql)) }}
  {%- elif should_full_refresh() or not existing_relation.is_materialized_view -%}
    {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
  {%- endif -%}

  {%- set changes = get_materialized_view_configuration_changes(existing_relation, config) -%}
  {%- if changes is none -%}
    {{ return(refresh_materialized_view(target_relation)) }}
  {%- endif -%}

  {%- set policy = config.get('on_configuration_change') -%}
  {%- set finding = "Configuration changes were identified and `on_configuration_change` was set to `" ~ policy
        ~ "` for `" ~ target_relation.render() ~ "`" -%}
  {%- if policy == 'apply' -%}
    {{ return(get_alter_materialized_view_as_sql(
        target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation)) }}
  {%- elif policy == 'continue' -%}
    {%- do exceptions.warn(finding) -%}
    {{ return('') }}
  {%- elif policy == 'fail' -%}
    {%- do exceptions.raise_fail_fast_error(finding) -%}
  {%- endif -%}
  {%- do exceptions.raise_compiler_error(finding ~ "; it is 'apply', 'continue' or 'fail'") -%}
{%- endmacro %}

{% macro materialized_view_execute_no_op(target_relation) -%}
  {%- do store_raw_result(name='main', message='skip ' ~ target_relation, code='skip', rows_affected='-1') -%}
{%- endmacro %}

{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}
  {%- call statement('main') -%}
    {{ build_sql }}
  {%- endcall -%}
  {%- do leat__describe(target_relation, existing_relation) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
{%- endmacro %}
