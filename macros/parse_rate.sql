{#- A column as a cost of a piece or a rate, null where it is none. `kind` is the kind of the column. -#}
{% macro parse_rate(column, kind) -%}
    {%- set value = parse_double(column, kind) -%}
    case when abs({{ value }}) < 1e9 then cast({{ value }} as {{ type_rate() }}) end
{%- endmacro %}
