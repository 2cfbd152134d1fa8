{#- Brings the spellings of a customer's name (`CUSTOMER421`, `Customer_ 421`, `cUSTOMER 421`) to `customer_421`. -#}
{% macro clean_customer_name(column_name) -%}
    regexp_replace(lower(trim({{ column_name }})), '^customer[_ ]*([0-9]+)$', 'customer_\1')
{%- endmacro %}
