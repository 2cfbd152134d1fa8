{#- Dates while compiling, for projects that loop over days. -#}

{% macro convert_datetime(date_str, date_fmt) -%}
  {%- set message = "'" ~ date_str ~ "' is not a date of the form '" ~ date_fmt ~ "'" -%}
  {{ return(try_or_compiler_error(message, modules.datetime.datetime.strptime, date_str.strip(), date_fmt)) }}
{%- endmacro %}

{#- The days from start to end, both included, as text. Without an end: the one day. -#}
{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt="%Y%m%d", out_fmt="%Y%m%d") -%}
  {%- set first_day = convert_datetime(start_date_str, in_fmt) -%}
  {%- set last_day = convert_datetime(start_date_str if end_date_str is none else end_date_str, in_fmt) -%}
  {%- set span = (last_day - first_day).days -%}
  {%- if span < 0 -%}
    {%- do exceptions.raise_compiler_error("The end " ~ end_date_str ~ " lies before the start " ~ start_date_str) -%}
  {%- endif -%}
  {%- set days = [] -%}
  {%- for offset in range(span + 1) -%}
    {%- do days.append((first_day + modules.datetime.timedelta(days=offset)).strftime(out_fmt)) -%}
  {%- endfor -%}
  {{ return(days) }}
{%- endmacro %}

{#- One day, or two with a comma between: "20240101" or "20240101,20240105". -#}
{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') -%}
  {%- set ends = (raw_partition_date | string).split(',') -%}
  {%- if ends | length > 2 -%}
    {%- do exceptions.raise_compiler_error("A partition is one date or two with a comma between, not '" ~ raw_partition_date ~ "'") -%}
  {%- endif -%}
  {{ return(dates_in_range(ends[0], ends[1] if ends | length == 2 else none, in_fmt=date_fmt)) }}
{%- endmacro %}

{% macro py_current_timestring() -%}
  {{ return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) }}
{%- endmacro %}
