{#- Whether a text matches a regular expression. -#}
{% macro matches_pattern(text, pattern) -%}
    {{ return(adapter.dispatch("matches_pattern", "rfm")(text, pattern)) }}
{%- endmacro %}

{% macro default__matches_pattern(text, pattern) -%} {{ text }} ~ '{{ pattern }}' {%- endmacro %}

{% macro spark__matches_pattern(text, pattern) -%} {{ text }} rlike '{{ pattern }}' {%- endmacro %}
