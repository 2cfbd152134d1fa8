{% materialization table, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set staging = leat__staging(target_relation) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=False) -%}
  {%- do run_hooks(pre_hooks, inside_transaction=True) -%}

  {%- call statement('main') -%}
    {{ get_create_table_as_sql(False, staging.intermediate, sql) }}
  {%- endcall -%}

  {#- Indexes belong to the table and move with it. -#}
  {%- do create_indexes(staging.intermediate) -%}
  {%- set replaced = leat__publish(staging) -%}
  {%- do run_hooks(post_hooks, inside_transaction=True) -%}
  {%- do leat__describe(target_relation, staging.existing) -%}
  {%- do adapter.commit() -%}

  {%- do drop_relation_if_exists(replaced) -%}
  {%- do run_hooks(post_hooks, inside_transaction=False) -%}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
