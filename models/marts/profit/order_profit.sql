{#- A view on DuckDB, as orders is: the orders are stored once. -#}
{{ config(materialized="view" if target.type == "duckdb" else "table", enabled=has_costs()) }}

with orders as ({{ order_margins() }})

select
    source_name,
    order_id,
    customer_id,
    order_date,
    channel,
    currency,
    gross_sales_amount,
    discount_amount,
    refund_amount,
    revenue_amount as net_sales_amount,
    goods_cost_amount,
    goods_cost_basis,
    cm1_amount,
    fulfilment_cost_amount,
    payment_cost_amount,
    return_cost_amount,
    cm2_amount
from orders
