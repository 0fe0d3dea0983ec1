{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    lookup as (select * from {{ ref("int_ltv__lookup") }}),

    forecasts as (

        select
            customers.as_of_date,
            customers.customer_id,
            fit.model as ltv_method,
            {#- MBG/NBD lets a customer leave after the first order too, BG/NBD only after a repeat. -#}
            case
                when fit.model = 'bg_nbd' and customers.repeat_order_count = 0
                then 1
                else
                    {# The log odds of being gone; capped, because not every engine returns infinity. #}
                    1 / (
                        1 + exp(
                            least(
                                700,
                                ln(
                                    fit.a / (
                                        fit.b
                                        + customers.repeat_order_count
                                        - case when fit.model = 'bg_nbd' then 1 else 0 end
                                    )
                                )
                                + (fit.r + customers.repeat_order_count)
                                * ln(
                                    (fit.alpha + customers.observed_days)
                                    / (fit.alpha + customers.first_to_last_days)
                                )
                            )
                        )
                    )
            end as alive_probability,
            {#- Gamma-Gamma; the repeat amount is x times the mean m. A negative one says no more than none. -#}
            fit.p * (
                fit.v + case
                    when customers.repeat_amount > 0
                    then cast(customers.repeat_amount as {{ type_double() }})
                    else 0
                end
            )
            / (fit.p * customers.repeat_order_count + fit.q - 1) as expected_order_value,
            lookup.*
        from customers
        cross join fit
        inner join
            lookup
            on customers.repeat_order_count = lookup.repeat_order_count
            and customers.observed_days = lookup.observed_days

    ),

    {# Of what a customer really spends, 5 % of the chances lie below the lower bound and 5 % above the
        upper. A customer who is gone spends nothing, so for the living these tails are larger. #}
    tails as (

        select
            *,
            {{ double_literal(0.95) }} / nullif(alive_probability, 0) as lower_tail,
            {{ double_literal(0.05) }} / nullif(alive_probability, 0) as upper_tail
        from forecasts

    )

select
    as_of_date,
    customer_id,
    ltv_method,
    alive_probability,
    alive_probability * orders_90d as expected_orders_90d,
    alive_probability * orders_365d as expected_orders_365d,
    expected_order_value,
    alive_probability * discounted_orders_12m * expected_order_value as ltv_12m_amount,
    alive_probability * discounted_orders_36m * expected_order_value as ltv_36m_amount,
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("lower_tail", lowest_tail=0.95) }} as ltv_lower_amount,
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("upper_tail", lowest_tail=0.05) }} as ltv_upper_amount
from tails
