{#- The queries of the generic tests: each finds the rows that should not be there. -#}

{% macro default__test_unique(model, column_name) %}
select {{ column_name }} as unique_field, count(*) as n_records
from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1
{% endmacro %}

{#- Whole rows where somebody is going to look at them. -#}
{% macro default__test_not_null(model, column_name) %}
select {{ '*' if should_store_failures() else column_name }}
from {{ model }}
where {{ column_name }} is null
{% endmacro %}

{% macro default__test_accepted_values(model, column_name, values, quote=True) %}
select value_field, n_records
from (
  select {{ column_name }} as value_field, count(*) as n_records
  from {{ model }}
  group by {{ column_name }}
) occurring
where value_field not in (
  {%- for value in values %}
  {{ "'" ~ value ~ "'" if quote else value }}{{ ',' if not loop.last }}
  {%- endfor %}
)
{% endmacro %}

{% macro default__test_relationships(model, column_name, to, field) %}
select from_field
from (
  select {{ column_name }} as from_field
  from {{ model }}
  where {{ column_name }} is not null
) child
where not exists (
  select 1
  from (
    select {{ field }} as to_field
    from {{ to }}
  ) parent
  where parent.to_field = child.from_field
)
{% endmacro %}
