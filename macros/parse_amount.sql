{#- A column of the orders file as money, null where it cannot be read. Understands currency signs,
    thousands separators, (12.50) and 12.50- for negative amounts. -#}
{% macro parse_amount(column, decimal_mark) -%}
    {{ return(adapter.dispatch("parse_amount", "rfm")(column, decimal_mark)) }}
{%- endmacro %}

{% macro duckdb__parse_amount(column, decimal_mark) -%}
    {%- set text = "trim(cast(" ~ column ~ " as varchar))" -%}
    {#- What is left must look like a number: letters other than a currency code make it unreadable. -#}
    {%- set bare = (
        "regexp_replace("
        ~ text
        ~ ", '(^[A-Za-z]{3} ?|[\\s''’$€£¥]| ?[A-Za-z]{3}$)', '', 'g')"
    ) -%}
    {%- if decimal_mark == "," -%}
        {%- set plain = "replace(replace(" ~ bare ~ ", '.', ''), ',', '.')" -%}
    {%- else -%} {%- set plain = "replace(" ~ bare ~ ", ',', '')" -%}
    {%- endif -%}
    {%- set signed = (
        "regexp_replace(regexp_replace("
        ~ plain
        ~ ", '^\\((.*)\\)$', '-\\1'), '^([0-9.]+)-$', '-\\1')"
    ) -%}
    {%- set from_text = "try_cast(" ~ signed ~ " as " ~ type_money() ~ ")" -%}
    {%- if decimal_mark == "," -%}
        case
            when typeof({{ column }}) = 'VARCHAR'
            then {{ from_text }}
            else try_cast({{ column }} as {{ type_money() }})
        end
    {%- else -%} coalesce(try_cast({{ column }} as {{ type_money() }}), {{ from_text }})
    {%- endif -%}
{%- endmacro %}
