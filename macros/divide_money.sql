{#- Money per piece, to the cent, half a cent away from zero. Decimals divided as doubles would round half cents
    either way, and each engine its own. -#}
{% macro divide_money(amount, count) -%}
    cast(
        sign({{ amount }}) * floor(
            (abs(200 * cast({{ amount }} as decimal(22, 2))) + {{ count }})
            / cast(2 * {{ count }} as {{ type_double() }})
        )
        / 100 as {{ type_money() }}
    )
{%- endmacro %}
