{#- What is lost with a customer who leaves, and won with one who comes back: their value as long as they are alive.
    The probability that they are is no part of it. -#}
{%- set certainty = share_setting("rfm_spend_certainty") -%}
{%- if var("rfm_spend_certainty") | float < 0.05 -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_spend_certainty is "
            ~ var("rfm_spend_certainty")
            ~ ": the interval is known from 0.05 to 1"
        )
    }}
{%- endif -%}
{%- set kept = "(1 - " ~ share_setting("rfm_spend_baseline_haircut") ~ ")" -%}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    ltv as (select * from {{ ref("customer_ltv") }}),

    lookup as (select * from {{ ref("int_ltv__lookup") }}),

    {#- An order is worth what it leaves. -#}
    order_values as (

        select ltv.*, ltv.expected_order_value * ltv.margin_rate as order_value_amount from ltv

    ),

    values_alive as (

        select
            order_values.customer_id,
            {# Of the baseline nothing is known of who is gone but what an order is worth. #}
            case
                when order_values.ltv_method <> 'baseline'
                then
                    lookup.discounted_orders_12m
                    * order_values.order_value_amount
                    * {{ value_ratio_at(certainty, lowest_tail=0.05) }}
                when order_values.alive_probability > 0
                then {{ kept }} * cast(order_values.ltv_12m_amount as {{ type_double() }})
                else {{ kept }} * order_values.order_value_amount
            end as lower_value,
            case
                when order_values.ltv_method <> 'baseline'
                then lookup.discounted_orders_36m * order_values.order_value_amount
                when order_values.alive_probability > 0
                then cast(order_values.ltv_36m_amount as {{ type_double() }})
                else order_values.order_value_amount
            end as value
        from order_values
        inner join customers on order_values.customer_id = customers.customer_id
        left join
            lookup
            on customers.fit_group = lookup.fit_group
            and customers.repeat_order_count = lookup.repeat_order_count
            and customers.observed_days = lookup.observed_days

    )

select
    customer_id,
    {{ double_to_money("greatest(0, lower_value)") }} as lower_amount,
    {{ double_to_money("greatest(0, value)") }} as value_amount
from values_alive
