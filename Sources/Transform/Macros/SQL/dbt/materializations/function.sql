{#- A function of the database's own. Its kind and language name the macro that builds it: scalar_function_sql and so on. -#}
{% materialization function, default, supported_languages=['sql', 'python', 'javascript'] %}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type=this.Function) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- set lookup = adapter.dispatch -%}
  {%- set build = lookup(this.get_function_macro_name(this.get_function_config(model)), 'dbt') -%}
  {%- do function_execute_build_sql(build(target_relation), existing_relation, target_relation) -%}

  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro function_execute_build_sql(build_sql, existing_relation, target_relation) -%}
  {{ return(adapter.dispatch('function_execute_build_sql', 'dbt')(build_sql, existing_relation, target_relation)) }}
{%- endmacro %}

{% macro default__function_execute_build_sql(build_sql, existing_relation, target_relation) -%}
  {%- call statement('main') -%}
    {{ build_sql }}
  {%- endcall -%}
  {%- do leat__describe(target_relation, existing_relation) -%}
{%- endmacro %}
