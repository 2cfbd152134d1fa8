{#- A unit test: the rows a model gives for the given input, and the rows expected of it, both in `main` for the runner to compare. -#}
{% materialization unit, default %}
  {%- set expected_rows = config.get('expected_rows') -%}
  {%- set expected_sql = config.get('expected_sql') -%}
  {%- set named = expected_rows[0].keys() if expected_rows else get_columns_in_query(sql) -%}

  {#- The types of the model's columns, from an empty table of them: what is expected is cast to these. -#}
  {%- set temp_relation = make_temp_relation(this.incorporate(type='table')) -%}
  {%- do run_query(get_create_table_as_sql(True, temp_relation, get_empty_subquery_sql(sql))) -%}
  {%- set types = {} -%}
  {%- set quoted = {} -%}
  {%- for column in adapter.get_columns_in_relation(temp_relation) -%}
    {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- do quoted.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}

  {%- if not expected_sql -%}
    {%- set expected_sql = get_expected_sql(expected_rows, types, quoted) -%}
  {%- endif -%}
  {%- set compared = [] -%}
  {%- for name in named -%}
    {%- do compared.append(quoted[name | lower]) -%}
  {%- endfor -%}

  {%- call statement('main', fetch_result=True) -%}
    {{ get_unit_test_sql(sql, expected_sql, compared) }}
  {%- endcall -%}
  {%- do adapter.drop_relation(temp_relation) -%}
  {{ return({'relations': []}) }}
{% endmaterialization %}
