{#- Arguments of a function, with their default values. -#}
{% macro postgres__formatted_scalar_function_args_sql() -%}
  {%- for argument in model.arguments -%}
    {{ argument.name }} {{ argument.data_type }}
    {%- if argument.get('default_value') is not none %} DEFAULT {{ argument.get('default_value') }}{% endif -%}
    {{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}
