{#- What lifetime value counts of orders: each order, or (rfm_ltv_orders merge) each day with orders. `relation` has a row an
    order; order_count is that of orders with an id. -#}
{% macro purchases_of(relation) -%}
    {% if var("rfm_ltv_orders") == "merge" %}
        select
            customer_id,
            order_date,
            min(ordered_at) as ordered_at,
            sum(revenue_amount) as amount,
            bool_or(not is_refund_only) as is_purchase,
            count(*) filter (where has_order_id and not is_refund_only) as order_count
        from {{ relation }}
        group by customer_id, order_date
    {% else %}
        select
            customer_id,
            order_date,
            ordered_at,
            revenue_amount as amount,
            not is_refund_only as is_purchase,
            case when has_order_id and not is_refund_only then 1 else 0 end as order_count
        from {{ relation }}
    {% endif %}
{%- endmacro %}
