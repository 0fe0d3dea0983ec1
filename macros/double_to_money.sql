{#- A double as money: to the cent, half a cent away from zero. Engines differ in what they take for half a cent
    (the double nearest to 1.005 lies below it, its shortest text does not); all do as DuckDB does, which rounds
    the double of the cents. -#}
{% macro double_to_money(value) -%}
    {{ return(adapter.dispatch("double_to_money", "rfm")(value)) }}
{%- endmacro %}

{% macro duckdb__double_to_money(value) -%} cast({{ value }} as {{ type_money() }}) {%- endmacro %}

{% macro default__double_to_money(value) -%}
    cast(
        cast(
            cast(
                sign({{ value }}) * floor(
                    abs({{ value }}) * 100 + {{ double_literal(0.5) }}
                ) as {{ dbt.type_bigint() }}
            ) as decimal(20, 0)
        )
        / 100 as {{ type_money() }}
    )
{%- endmacro %}
