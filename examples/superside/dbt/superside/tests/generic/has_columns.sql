{#- The relation has all of `columns`; the rows of a failure are the names of those that are missing. -#}
{% test has_columns(model, columns) %}

with required (column_name) as (
    values
    {%- for column in columns %}
        ('{{ column }}'){{ ',' if not loop.last }}
    {%- endfor %}
)

select required.column_name
from required
where not exists (
    select 1
    from information_schema.columns
    where columns.table_schema = '{{ model.schema }}'
        and columns.table_name = '{{ model.identifier }}'
        and columns.column_name = required.column_name
)

{% endtest %}
