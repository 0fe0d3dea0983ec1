{#- A text to sort by, byte by byte: PostgreSQL sorts by the rules of a language otherwise, and the languages of
    two servers differ. -#}
{% macro byte_order(text) -%}
    {{ return(adapter.dispatch("byte_order", "rfm")(text)) }}
{%- endmacro %}

{% macro default__byte_order(text) -%} {{ text }} {%- endmacro %}

{% macro postgres__byte_order(text) -%} {{ text }} collate "C" {%- endmacro %}
