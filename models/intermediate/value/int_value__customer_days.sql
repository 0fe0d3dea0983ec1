{{ config(materialized="view") }}

{#- Money counts on the day it moved. Orders alone know of no costs: then profit is net revenue. #}
with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }})

select
    customer_id,
    order_date as movement_date,
    revenue_amount,
    revenue_amount as profit_amount,
    cast(null as {{ type_money() }}) as discount_amount
from orders
union all
select customer_id, order_date, - amount, - amount, null
from other_day_amounts
union all
select customer_id, movement_date, amount, amount, null
from other_day_amounts
