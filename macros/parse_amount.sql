{#- A column of the orders file as money, null where it cannot be read. Understands currency signs and codes,
    thousands in groups of three, and -12.50, 12.50- and (12.50) for negative amounts. Anything else is
    unreadable: a guess could be wrong by a factor of a hundred. -#}
{% macro parse_amount(column, decimal_mark) -%}
    {{ return(adapter.dispatch("parse_amount", "rfm")(column, decimal_mark)) }}
{%- endmacro %}

{% macro duckdb__parse_amount(column, decimal_mark) -%}
    {%- set text = "trim(cast(" ~ column ~ " as varchar))" -%}
    {%- set mark, point = (",", ".") if decimal_mark == "," else ("[.]", ",") -%}
    {%- set space = "\\s\\x{00a0}\\x{2009}\\x{202f}" -%}
    {%- set thousands = "[" ~ point ~ "''’" ~ space ~ "]" -%}
    {%- set currency = "(R?[$]|[€£¥₹₽₺₩₪฿]|[A-Z]{3}|kr[.]?|zł)" -%}
    {%- set blank = "[" ~ space ~ "]*" -%}
    {%- set signed -%}
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        replace({{ text }}, '−', '-'), '^[(](.*)[)]$', '-\1'
                    ),
                    '^(.*[0-9])-$', '-\1'
                ),
                '^(-?){{ blank }}{{ currency }}{{ blank }}', '\1'
            ),
            '{{ blank }}{{ currency }}{{ blank }}$', ''
        )
    {%- endset -%}
    {#- One use of the text: DuckDB works out what stands twice for every row, needed or not. -#}
    {%- set from_text -%}
        try_cast(
            replace(
                regexp_replace(
                    regexp_extract(
                        {{ signed }},
                        '^-?([0-9]{1,3}({{ thousands }}[0-9]{3})+|[0-9]+)({{ mark }}[0-9]*)?$|^-?{{ mark }}[0-9]+$'
                    ),
                    '{{ thousands }}',
                    '',
                    'g'
                ),
                ',',
                '.'
            ) as {{ type_money() }}
        )
    {%- endset -%}
    {%- if decimal_mark == "," -%}
        case
            when typeof({{ column }}) = 'VARCHAR'
            then {{ from_text }}
            else try_cast({{ column }} as {{ type_money() }})
        end
    {%- else -%} coalesce(try_cast({{ column }} as {{ type_money() }}), {{ from_text }})
    {%- endif -%}
{%- endmacro %}
