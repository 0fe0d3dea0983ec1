{#- A column of orders as money, null where it cannot be read. Understands currency signs and codes, thousands
    in groups of three, and -12.50, 12.50- and (12.50) for negative amounts. Anything else is unreadable: a
    guess could be wrong by a factor of a hundred. `kind` is the kind of the column (column_kind); DuckDB asks
    each value instead. -#}
{% macro parse_amount(column, kind, decimal_mark=".") -%}
    {{ return(adapter.dispatch("parse_amount", "rfm")(column, kind, decimal_mark)) }}
{%- endmacro %}

{% macro duckdb__parse_amount(column, kind, decimal_mark) -%}
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

{#- Engines whose casts fail or whose patterns have no names for characters: the same rules, each step a
    pattern that all of them read, and a cast of digits only. -#}
{% macro default__parse_amount(column, kind, decimal_mark) -%}
    {%- if kind == "number" -%}
        case
            when abs({{ column }}) < 1e16
            then {{ double_to_money("cast(" ~ column ~ " as " ~ type_double() ~ ")") }}
        end
    {%- else -%}
        {%- set mark, point = (",", ".") if decimal_mark == "," else ("[.]", ",") -%}
        {%- set space = " \t\u00a0\u2009\u202f" -%}
        {%- set thousands = "[" ~ point ~ "\u0027\u0027\u2019" ~ space ~ "]" -%}
        {%- set currency = "(R?[$]|[€£¥₹₽₺₩₪฿]|[A-Z]{3}|kr[.]?|zł)" -%}
        {%- set blank = "[" ~ space ~ "]*" -%}
        {%- set plain = replace_pattern(
            "replace(trim(cast("
            ~ column
            ~ " as "
            ~ dbt.type_string()
            ~ ")), '−', '-')",
            "^[(](.*)[)]$",
            "-<1>",
        ) -%}
        {%- set plain = replace_pattern(plain, "^(.*[0-9])-$", "-<1>") -%}
        {%- set plain = replace_pattern(plain, "^(-?)" ~ blank ~ currency ~ blank, "<1>") -%}
        {%- set plain = replace_pattern(plain, blank ~ currency ~ blank ~ "$", "") -%}
        {%- set grammar = (
            "^-?([0-9]{1,3}("
            ~ thousands
            ~ "[0-9]{3}){1,4}|[0-9]{1,16})("
            ~ mark
            ~ "[0-9]*)?$|^-?"
            ~ mark
            ~ "[0-9]+$"
        ) -%}
        case
            when {{ matches_pattern(plain, grammar) }}
            then
                cast(
                    replace(
                        {{ replace_pattern(plain, thousands, "") }}, ',', '.'
                    ) as {{ type_money() }}
                )
        end
    {%- endif -%}
{%- endmacro %}
