{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }})

select
    customers.as_of_date,
    customers.customer_id,
    customers.repeat_order_count,
    customers.first_to_last_days,
    customers.observed_days,
    customers.repeat_amount,
    customers.profit_amount,
    coalesce(fits.ltv_group, '') as fit_group
from customers
left join fits on customers.ltv_group = fits.ltv_group
