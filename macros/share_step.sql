{#- A part of something in hundredths of a per cent, rounded down; nobody has a part of nothing. -#}
{% macro share_step(amount, base) -%}
    case
        when {{ base }} > 0
        then
            cast(
                floor(
                    10000 * (
                        cast({{ amount }} as {{ type_double() }})
                        / cast({{ base }} as {{ type_double() }})
                    )
                ) as {{ dbt.type_bigint() }}
            )
    end
{%- endmacro %}
