{#- A whole number that names something, as text. Columns with gaps arrive as 17.0 from many a loader. -#}
{% macro clean_key(column) -%}
    nullif(
        {{
            replace_pattern(
                "trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "))", "[.]0+$", ""
            )
        }},
        ''
    )
{%- endmacro %}
