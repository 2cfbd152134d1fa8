{#- Running SQL from a macro. -#}

{#- Sends the text of the call block to the database. Under a name the outcome is kept for load_result(); the outcome called
    'main' is what a node reports, and its text is what lands in target/run. -#}
{% macro statement(name=None, fetch_result=False, auto_begin=True, language='sql') %}
  {%- if execute -%}
    {%- set code = caller() -%}
    {%- if name == 'main' -%}
      {%- do write(code) -%}
    {%- endif -%}
    {%- if language == 'sql' -%}
      {%- set outcome = adapter.execute(code, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- elif language == 'python' -%}
      {%- set outcome = (submit_python_job(model, code), none) -%}
    {%- else -%}
      {%- do exceptions.raise_compiler_error("statement() runs 'sql' and 'python', not '" ~ language ~ "'") -%}
    {%- endif -%}
    {%- if name is not none -%}
      {%- do store_result(name, response=outcome[0], agate_table=outcome[1]) -%}
    {%- endif -%}
  {%- endif -%}
{% endmacro %}

{#- Records an outcome for work that was done by other means: nothing is sent to the database. -#}
{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) %}
  {%- set text = caller() -%}
  {%- if name == 'main' -%}
    {%- do write(text) -%}
  {%- endif -%}
  {%- if name is not none -%}
    {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
  {%- endif -%}
{% endmacro %}

{#- Runs a query outside of the node's own bookkeeping and gives back its rows as a table. -#}
{% macro run_query(sql) %}
  {%- call statement('run_query_statement', fetch_result=true, auto_begin=false) -%}
    {{ sql }}
  {%- endcall -%}
  {%- do return(load_result('run_query_statement').table) -%}
{% endmacro %}

{#- Asks the server to check a query without running it. -#}
{% macro validate_sql(sql) -%}
  {{ return(adapter.dispatch('validate_sql', 'dbt')(sql)) }}
{%- endmacro %}

{% macro default__validate_sql(sql) -%}
  {%- call statement('validate_sql') -%}
    explain {{ sql }}
  {%- endcall -%}
  {{ return(load_result('validate_sql')) }}
{%- endmacro %}

{#- Whether the engine calls itself a second-generation one. -#}
{% macro is_core_v2() -%}
  {%- set major = (dbt_version.split('.') | first) | int -%}
  {{ return(major > 1) }}
{%- endmacro %}
