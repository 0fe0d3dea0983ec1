{#- A column as a cost or rate with four decimals, null where it is none. `kind` is that of the column. -#}
{% macro parse_rate(column, kind) -%}
    {%- set value = parse_double(column, kind) -%}
    case when abs({{ value }}) < 1e14 then cast({{ value }} as {{ type_rate() }}) end
{%- endmacro %}
