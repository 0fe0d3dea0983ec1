{#- The first word of a first name, folded; one letter for initials (J. R.). -#}
{% macro given_key(name) -%}
    {%- set word = fold_text(replace_pattern(name, "[ -].*$", "")) -%}
    {%- set initial = replace_pattern(word, "^([^.])([.][^.])+[.]?$", "<1>") -%}
    {%- set marks = dbt.escape_single_quotes(".,’`´\u0027") -%}
    nullif(translate({{ initial }}, '{{ marks }}', ''), '')
{%- endmacro %}
