{#- Reads the number out of text such as `$12000`, `12000 USD`, `12k`, `12000.50` or `fifty`. Text without a number is null. -#}
{% macro extract_number(column_name, data_type='numeric(12, 2)') -%}
    {%- set words = {'fifty': 50, 'hundred': 100} -%}
    case lower(trim({{ column_name }}))
        {%- for word, number in words.items() %}
        when '{{ word }}' then {{ number }}
        {%- endfor %}
        else
            nullif(regexp_replace({{ column_name }}, '[^0-9.]', '', 'g'), '')::numeric
            * case when {{ column_name }} ~* 'k\s*$' then 1000 else 1 end
    end::{{ data_type }}
{%- endmacro %}
