{{ config(materialized="view") }}

{#- Money counts on the day it moved; orders count as scores count them: without order ids, an order is a day with
    orders. Profit is by the measure that customer_profit takes; orders alone know of no
    costs, and then it is net revenue. -#}
{%- set money = type_money() -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    {% if has_costs() %}
        measure as (select profit_measure from {{ ref("int_profit__measure") }}),

        costs as (

            select
                customer_days.customer_id,
                customer_days.movement_date,
                {{ measured_cost("customer_days", "measure.profit_measure") }} as cost_amount
            from {{ ref("int_profit__customer_days") }} as customer_days
            cross join measure

        ),

        discounts as (
            select customer_id, order_date, discount_amount
            from {{ ref("int_profit__orders") }}
            where discount_amount is not null
        ),
    {% endif %}

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

    order_days as (

        select distinct customer_id, order_date
        from orders
        where not has_order_id and not is_refund_only

    )

select
    customer_id,
    order_date as movement_date,
    case when has_order_id and not is_refund_only then 1 else 0 end as order_count,
    revenue_amount,
    revenue_amount as profit_amount,
    cast(null as {{ money }}) as discount_amount
from orders
union all
select customer_id, order_date, 1, 0, 0, cast(null as {{ money }})
from order_days
union all
select customer_id, order_date, 0, - amount, - amount, cast(null as {{ money }})
from other_day_amounts
union all
select customer_id, movement_date, 0, amount, amount, cast(null as {{ money }})
from other_day_amounts
{%- if has_costs() %}
    union all
    select customer_id, movement_date, 0, 0, - cost_amount, cast(null as {{ money }})
    from costs
    union all
    select customer_id, order_date, 0, 0, 0, discount_amount
    from discounts
{%- endif %}
