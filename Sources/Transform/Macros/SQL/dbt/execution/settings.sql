{#- Settings of a node that the command line may have the last word on. -#}

{#- Takes SQL that goes before the statement that builds the node. -#}
{% macro set_sql_header(config) -%}
  {%- do config.set('sql_header', caller()) -%}
{%- endmacro %}

{#- The node's own full_refresh decides; where it is silent, the flag does. -#}
{% macro should_full_refresh() -%}
  {%- set own = config.get('full_refresh') -%}
  {%- do return(flags.FULL_REFRESH if own is none else own) -%}
{%- endmacro %}

{#- The test's own store_failures decides; where it is silent, the flag does. -#}
{% macro should_store_failures() -%}
  {%- set own = config.get('store_failures') -%}
  {%- do return(flags.STORE_FAILURES if own is none else own) -%}
{%- endmacro %}
