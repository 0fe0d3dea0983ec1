{#- MBG/NBD and BG/NBD: the odds that a customer has left since the last order (docs/lifetime-value.md). MBG/NBD lets a
    customer leave after the first order too, BG/NBD only after a repeat. Expects the columns a, b, repeat_order_count,
    order_shape r + x, order_start and order_end, alpha plus t_x and plus T, and ltv_method. Capped, because not every
    engine returns infinity. -#}
{% macro bg_departure_odds() -%}
    case
        when ltv_method = 'bg_nbd' and repeat_order_count = 0
        then 0
        else
            exp(
                least(
                    700,
                    ln(
                        a / (
                            b
                            + repeat_order_count
                            - case when ltv_method = 'bg_nbd' then 1 else 0 end
                        )
                    )
                    + order_shape * ln(order_end / order_start)
                )
            )
    end
{%- endmacro %}
