{#- Text with every match of a regular expression replaced; <1> to <9> stand for what its groups matched. -#}
{% macro replace_pattern(text, pattern, replacement) -%}
    {{ return(adapter.dispatch("replace_pattern", "rfm")(text, pattern, replacement)) }}
{%- endmacro %}

{% macro default__replace_pattern(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }},
        '{{ pattern }}',
        '{{ modules.re.sub("<([1-9])>", "\\\\\\1", replacement) }}',
        'g'
    )
{%- endmacro %}

{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }}, '{{ pattern }}', '{{ modules.re.sub("<([1-9])>", "$\\1", replacement) }}'
    )
{%- endmacro %}
