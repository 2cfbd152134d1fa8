{#- Reads a date written in one of eight formats; text in no known format is null.
    A dotted date is day first; only when that gives no month (`05.25.2023`) is it read as month first. -#}
{% macro parse_date(column_name) -%}
    {%- set formats = [
        'YYYY-MM-DD', 'YYYY/MM/DD', 'YYYY.MM.DD',
        'DD-MM-YYYY', 'DD.MM.YYYY', 'MM.DD.YYYY',
        'MM/DD/YYYY', 'MM/DD/YY',
    ] -%}
    case
        {%- for format in formats %}
        {%- set pattern = format
            | replace('.', '[.]')
            | replace('YYYY', '[0-9]{4}')
            | replace('YY', '[0-9]{2}')
            | replace('MM', '(0[1-9]|1[0-2])')
            | replace('DD', '(0[1-9]|[12][0-9]|3[01])') %}
        when {{ column_name }} ~ '^{{ pattern }}$' then to_date({{ column_name }}, '{{ format }}')
        {%- endfor %}
    end
{%- endmacro %}
