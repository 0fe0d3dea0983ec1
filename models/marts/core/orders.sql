with orders as (select * from {{ ref("int_orders__resolved") }})

select
    order_id,
    source_name,
    customer_id,
    ordered_at,
    order_date,
    gross_amount,
    refund_amount,
    revenue_amount,
    is_refund_only
from orders
