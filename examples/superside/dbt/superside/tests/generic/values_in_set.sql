{#- Every value of the column is one of `value_set`, a list such as a project variable. -#}
{% test values_in_set(model, column_name, value_set) %}

select
    {{ column_name }} as unexpected_value,
    count(*) as row_count
from {{ model }}
where {{ column_name }} not in (
    {%- for value in value_set %}
    '{{ value }}'{{ ',' if not loop.last }}
    {%- endfor %}
)
group by {{ column_name }}

{% endtest %}
