{#- Text with every match of a regular expression replaced; <1> stands for what the first group matched. -#}
{% macro replace_pattern(text, pattern, replacement) -%}
    {{ return(adapter.dispatch("replace_pattern", "rfm")(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace("<1>", "\\1") }}', 'g')
{%- endmacro %}

{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace("<1>", "$1") }}')
{%- endmacro %}
