{#- Whole hundredths as money, null where they are none. A product of decimals is exact everywhere; the quotient
    would be a double on DuckDB. -#}
{% macro pence_to_money(column) -%}
    cast(
        cast({{ parse_integer(column, digits=15) }} as decimal(15, 0))
        * cast('0.01' as decimal(2, 2)) as {{ type_money() }}
    )
{%- endmacro %}
