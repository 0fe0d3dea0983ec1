{#- Whoever was only written to, or only asked something, is no customer to rank by profit. -#}
{{ config(materialized="view", enabled=has_costs()) }}

select
    as_of_date,
    customer_id,
    gross_sales_amount,
    discount_amount,
    refund_amount,
    net_sales_amount,
    goods_cost_amount,
    fulfilment_cost_amount,
    payment_cost_amount,
    return_cost_amount,
    marketing_cost_amount,
    service_cost_amount,
    late_payment_cost_amount,
    profit_measure,
    profit_amount,
    profit_class,
    order_count,
    contact_count,
    contact_minutes,
    message_count
from {{ ref("customer_profit") }}
where order_count > 0 or net_sales_amount <> 0 or refund_amount <> 0
