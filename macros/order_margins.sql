{#- The rows of int_profit__orders with the lines and margins of the statement that orders have, for the marts about
    orders. The line of an order without an event that could cost is nothing, not unknown. -#}
{% macro order_margins() -%}
    select
        costed.*,
        {{ contribution_margin(1, "costed.revenue_amount") }} as cm1_amount,
        {{ contribution_margin(2, "costed.revenue_amount") }} as cm2_amount
    from
        (
            select
                priced_orders.order_id,
                priced_orders.source_name,
                priced_orders.customer_id,
                priced_orders.ordered_at,
                priced_orders.order_date,
                priced_orders.channel,
                priced_orders.currency,
                priced_orders.gross_sales_amount,
                priced_orders.discount_amount,
                priced_orders.gross_amount,
                priced_orders.refund_amount,
                priced_orders.revenue_amount,
                priced_orders.original_amount,
                priced_orders.is_refund_only,
                priced_orders.goods_cost_amount,
                priced_orders.goods_cost_basis
                {%- for line in order_cost_lines() %}
                    ,
                    case
                        when
                            measure.has_{{ line }}_cost
                            and (
                                priced_orders.{{ line }}_cost_amount is not null
                                or priced_orders.{{ line }}_cost_missing_count = 0
                            )
                        then
                            cast(
                                coalesce(
                                    priced_orders.{{ line }}_cost_amount, 0
                                ) as {{ type_money() }}
                            )
                    end as {{ line }}_cost_amount
                {%- endfor %}
            from {{ ref("int_profit__orders").include(database=false) }} as priced_orders
            cross join {{ ref("int_profit__measure").include(database=false) }} as measure
        ) as costed
    cross join {{ ref("int_profit__measure").include(database=false) }} as measure
{%- endmacro %}
