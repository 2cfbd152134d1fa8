{#- Replaces a misspelt category by the one it is meant to be: one edit away (Levenshtein distance below 2), whatever the
    case. Text close to no category stays as it is, for the tests to report. Needs the extension fuzzystrmatch. -#}
{% macro map_categories(column_name, categories) -%}
    case
        {%- for category in categories %}
        when levenshtein(lower({{ column_name }}), lower('{{ category }}')) < 2 then '{{ category }}'
        {%- endfor %}
        else {{ column_name }}
    end
{%- endmacro %}
