{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    lookup as (select * from {{ ref("int_ltv__lookup") }}),

    {#- Both clocks of Pareto/NBD at the last order and now; the clock of dropout is null in the other models. -#}
    histories as (

        select
            customers.as_of_date,
            customers.customer_id,
            customers.fit_group,
            customers.repeat_order_count,
            customers.observed_days,
            customers.repeat_amount,
            customers.profit_amount,
            fits.model as ltv_method,
            fits.a,
            fits.b,
            fits.s,
            fits.p,
            fits.q,
            fits.v,
            fits.r + customers.repeat_order_count as order_shape,
            fits.alpha + customers.first_to_last_days as order_start,
            fits.alpha + customers.observed_days as order_end,
            fits.beta + customers.first_to_last_days as dropout_start,
            fits.beta + customers.observed_days as dropout_end
        from customers
        inner join fits on customers.fit_group = fits.ltv_group

    ),

    spans as (

        select
            *, case when ltv_method = 'pareto_nbd' then {{ departure_span() }} end as departure_span
        from histories

    ),

    odds as (select *, {{ odds_of_being_gone() }} as odds_of_being_gone from spans),

    forecasts as (

        select
            odds.as_of_date,
            odds.customer_id,
            odds.ltv_method,
            odds.profit_amount,
            1 / (1 + odds.odds_of_being_gone) as alive_probability,
            {#- Gamma-Gamma; the repeat amount is x times the mean m. A negative one says no more than none. -#}
            odds.p * (
                odds.v + case
                    when odds.repeat_amount > 0
                    then cast(odds.repeat_amount as {{ type_double() }})
                    else 0
                end
            )
            / (odds.p * odds.repeat_order_count + odds.q - 1) as expected_order_value,
            lookup.*
        from odds
        inner join
            lookup
            on odds.fit_group = lookup.fit_group
            and odds.repeat_order_count = lookup.repeat_order_count
            and odds.observed_days = lookup.observed_days

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
    profit_amount,
    alive_probability,
    alive_probability * orders_90d as expected_orders_90d,
    alive_probability * orders_365d as expected_orders_365d,
    expected_order_value,
    alive_probability * discounted_orders_12m * expected_order_value as ltv_12m_amount,
    alive_probability * discounted_orders_36m * expected_order_value as ltv_36m_amount,
    alive_probability * residual_orders * expected_order_value as ltv_residual_amount,
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("lower_tail", lowest_tail=0.95) }} as ltv_lower_amount,
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("upper_tail", lowest_tail=0.05) }} as ltv_upper_amount
from tails
