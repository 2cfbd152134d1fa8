{#- Cross-database functions where Postgres has its own ways. -#}

{#- Postgres has any_value() only from version 16 on. -#}
{% macro postgres__any_value(expression) -%}
  min({{ expression }})
{%- endmacro %}

{% macro postgres__equals(expr1, expr2) -%}
  {%- if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn -%}
    ({{ expr1 }} is not distinct from {{ expr2 }})
  {%- else -%}
    ({{ expr1 }} = {{ expr2 }})
  {%- endif -%}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
  {%- set order = ' ' ~ order_by_clause if order_by_clause else '' -%}
  {%- if limit_num -%}
    array_to_string((array_agg({{ measure }}{{ order }}))[1:{{ limit_num }}], {{ delimiter_text }})
  {%- else -%}
    string_agg({{ measure }}, {{ delimiter_text }}{{ order }})
  {%- endif -%}
{%- endmacro %}

{% macro postgres__split_part(string_text, delimiter_text, part_number) -%}
  {%- if part_number < 0 -%}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {%- else -%}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {%- endif -%}
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) -%}
  {{ from_date_or_timestamp }} + ({{ interval }}) * interval '1 {{ datepart }}'
{%- endmacro %}

{#- An interval has no quarters. -#}
{% macro postgres__last_day(date, datepart) -%}
  {%- if datepart == 'quarter' -%}
    cast({{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc('quarter', date))) }} as date)
  {%- else -%}
    {{ dbt.default_last_day(date, datepart) }}
  {%- endif -%}
{%- endmacro %}

{#- Each part is counted from the next larger one. -#}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
  {%- set a = '(' ~ first_date ~ ')::timestamp' -%}
  {%- set b = '(' ~ second_date ~ ')::timestamp' -%}
  {%- set within = "date_part('%s', " ~ b ~ ") - date_part('%s', " ~ a ~ ")" -%}
  {%- set whole = "floor(date_part('%s', " ~ b ~ ")) - floor(date_part('%s', " ~ a ~ "))" -%}
  {%- if datepart == 'day' -%}
    ((({{ second_date }})::date) - (({{ first_date }})::date))
  {%- elif datepart == 'week' -%}
    ({{ datediff(first_date, second_date, 'day') }} / 7
      + case
          when date_part('dow', {{ a }}) > date_part('dow', {{ b }}) then (case when {{ a }} <= {{ b }} then 1 else 0 end)
          else (case when {{ a }} <= {{ b }} then 0 else -1 end)
        end)
  {%- elif datepart == 'year' -%}
    ({{ within.replace('%s', 'year') }})
  {%- elif datepart == 'quarter' -%}
    ({{ datediff(first_date, second_date, 'year') }} * 4 + {{ within.replace('%s', 'quarter') }})
  {%- elif datepart == 'month' -%}
    ({{ datediff(first_date, second_date, 'year') }} * 12 + {{ within.replace('%s', 'month') }})
  {%- elif datepart == 'hour' -%}
    ({{ datediff(first_date, second_date, 'day') }} * 24 + {{ within.replace('%s', 'hour') }})
  {%- elif datepart == 'minute' -%}
    ({{ datediff(first_date, second_date, 'hour') }} * 60 + {{ within.replace('%s', 'minute') }})
  {%- elif datepart == 'second' -%}
    ({{ datediff(first_date, second_date, 'minute') }} * 60 + {{ whole.replace('%s', 'second') }})
  {%- elif datepart == 'millisecond' -%}
    ({{ datediff(first_date, second_date, 'minute') }} * 60000 + {{ whole.replace('%s', 'millisecond') }})
  {%- elif datepart == 'microsecond' -%}
    ({{ datediff(first_date, second_date, 'minute') }} * 60000000 + {{ whole.replace('%s', 'microsecond') }})
  {%- else -%}
    {%- do exceptions.raise_compiler_error("datediff on Postgres does not count in '" ~ datepart ~ "'") -%}
  {%- endif -%}
{%- endmacro %}
