{% materialization view, default %}
  {%- set target_relation = this.incorporate(type='view') -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- set staging = leat__staging(target_relation) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- call statement('main') -%}
    {{ get_create_view_as_sql(staging.intermediate, sql) }}
  {%- endcall -%}

  {%- set replaced = leat__publish(staging) -%}
  {%- do leat__describe(target_relation, staging.existing) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do adapter.commit() -%}

  {%- do drop_relation_if_exists(replaced) -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
