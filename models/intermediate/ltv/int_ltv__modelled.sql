{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    expected_orders as (select * from {{ ref("int_ltv__expected_orders") }}),

    value_ratios as (select * from {{ ref("int_ltv__value_ratios") }}),

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
            expected_orders.orders_90d,
            expected_orders.orders_365d,
            expected_orders.discounted_orders_12m,
            expected_orders.discounted_orders_36m
            {%- for tail in interval_tail_probabilities() %}
                , value_ratios.value_ratio_{{ loop.index }}
            {%- endfor %}
        from customers
        cross join fit
        inner join
            expected_orders
            on customers.repeat_order_count = expected_orders.repeat_order_count
            and customers.observed_days = expected_orders.observed_days
        inner join
            value_ratios
            on customers.repeat_order_count = value_ratios.repeat_order_count
            and customers.observed_days = value_ratios.observed_days

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
    {#- Bounds of what the customer will really spend: 5 % of the chances lie below, 5 % above. A customer
        who is gone spends nothing, so the chances of the living are scaled by P(alive). -#}
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("(0.95e0 / nullif(alive_probability, 0))") }} as ltv_lower_amount,
    discounted_orders_12m
    * expected_order_value
    * {{ value_ratio_at("(0.05e0 / nullif(alive_probability, 0))") }} as ltv_upper_amount
from forecasts
