{#- Hooks of models, seeds and snapshots. -#}

{#- Runs those hooks whose transaction setting is the one asked for, in their order. Hooks outside of a transaction first end the open one. -#}
{% macro run_hooks(hooks, inside_transaction=True) %}
  {%- for hook in hooks if hook.transaction == inside_transaction -%}
    {%- if loop.first and not inside_transaction -%}
      {%- call statement(auto_begin=false) -%} commit; {%- endcall -%}
    {%- endif -%}
    {%- set command = render(hook.sql) | trim -%}
    {%- if command -%}
      {%- call statement(auto_begin=inside_transaction) -%} {{ command }} {%- endcall -%}
    {%- endif -%}
  {%- endfor -%}
{% endmacro %}

{#- What a project writes around a hook's SQL to say when it runs. -#}
{% macro make_hook_config(sql, inside_transaction) -%}
  {{ tojson({'sql': sql, 'transaction': inside_transaction}) }}
{%- endmacro %}

{% macro before_begin(sql) -%}
  {{ make_hook_config(sql, inside_transaction=False) }}
{%- endmacro %}

{% macro in_transaction(sql) -%}
  {{ make_hook_config(sql, inside_transaction=True) }}
{%- endmacro %}

{% macro after_commit(sql) -%}
  {{ make_hook_config(sql, inside_transaction=False) }}
{%- endmacro %}
