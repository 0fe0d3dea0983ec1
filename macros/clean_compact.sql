{#- A number that people write with and without blanks, without them. -#}
{% macro clean_compact(column) -%}
    nullif(
        {{ replace_pattern("cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")", "[ ]+", "") }}, ''
    )
{%- endmacro %}
