{% macro outer_amount(column) %}{{ inner_amount(column) }}{% endmacro %}
{% macro inner_amount(column) %}coalesce({{ column }}, 0){% endmacro %}
{% macro unused() %}1{% endmacro %}
{% test positive(model, column_name) %}select * from {{ model }} where {{ column_name }} <= 0{% endtest %}
