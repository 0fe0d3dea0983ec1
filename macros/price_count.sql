{#- What so many cost at a rate, to the cent; null where it is more than money can hold (a number of pieces mistyped). DuckDB
    multiplies decimals of up to 18 digits in 18 digits, hence the 19. -#}
{% macro price_count(count, rate) -%}
    case
        when
            abs(cast({{ count }} as {{ type_double() }}) * cast({{ rate }} as {{ type_double() }}))
            < 1e13
        then cast(round(cast({{ rate }} as decimal(19, 8)) * {{ count }}, 2) as {{ type_money() }})
    end
{%- endmacro %}
