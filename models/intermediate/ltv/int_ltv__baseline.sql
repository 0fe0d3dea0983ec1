{{ config(materialized="view") }}

{%- set month_days = 365 / 12 -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    pooled as (

        select
            sum(repeat_order_count)
            / nullif(cast(sum(observed_days) as {{ type_double() }}), 0) as orders_per_day,
            avg(cast(observed_days as {{ type_double() }})) as mean_observed_days,
            nullif(sum(first_to_last_days), 0)
            / nullif(cast(sum(repeat_order_count) as {{ type_double() }}), 0) as mean_gap_days,
            cast(sum(revenue_amount) as {{ type_double() }})
            / sum(repeat_order_count + 1) as mean_order_amount
        from customers

    ),

    {#- Each rate and order value leans on everyone's, as if one more average customer (one more order) had
    been seen: a customer of yesterday has hardly a rate of their own. -#}
    estimates as (

        select
            customers.as_of_date,
            customers.customer_id,
            case
                when
                    customers.observed_days - customers.first_to_last_days
                    > {{ var("rfm_ltv_baseline_silent_gaps") }} * pooled.mean_gap_days
                then 0
                else 1
            end as alive_probability,
            (customers.repeat_order_count + pooled.orders_per_day * pooled.mean_observed_days)
            / (customers.observed_days + pooled.mean_observed_days) as orders_per_day,
            case
                when
                    cast(customers.revenue_amount as {{ type_double() }}) + pooled.mean_order_amount
                    > 0
                then
                    (
                        cast(customers.revenue_amount as {{ type_double() }})
                        + pooled.mean_order_amount
                    )
                    / (customers.repeat_order_count + 2)
                else 0
            end as expected_order_value
        from customers
        cross join pooled
        where not exists (select 1 from fit)

    )

select
    as_of_date,
    customer_id,
    'baseline' as ltv_method,
    alive_probability,
    alive_probability * orders_per_day * 90 as expected_orders_90d,
    alive_probability * orders_per_day * 365 as expected_orders_365d,
    expected_order_value,
    alive_probability
    * orders_per_day
    * {{ double_literal(month_days * discount_factors(12) | sum) }}
    * expected_order_value as ltv_12m_amount,
    alive_probability
    * orders_per_day
    * {{ double_literal(month_days * discount_factors(36) | sum) }}
    * expected_order_value as ltv_36m_amount,
    cast(null as {{ type_double() }}) as ltv_lower_amount,
    cast(null as {{ type_double() }}) as ltv_upper_amount
from estimates
