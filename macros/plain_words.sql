{#- A text as words: lower case, no accents, blanks for hyphens and the like, no dots and apostrophes (S.A. is sa,
    O'Brien is obrien). -#}
{% macro plain_words(text) -%}
    {%- set blanked = "-_/&+,;()" -%}
    {%- set removed = dbt.escape_single_quotes(".'’`´") ~ '"' -%}
    trim(
        translate(
            {{ fold_text(text) }}, '{{ blanked }}{{ removed }}', '{{ " " * (blanked | length) }}'
        )
    )
{%- endmacro %}
