{#- Spark keeps the text of a view in its catalogue, which has no room for this one. -#}
{{ config(materialized="table" if target.type == "spark" else "view") }}

{#- How readily customers leave: s of Pareto/NBD, whose beta is the mean time they have been seen for. In simulated
    shops of 10 to 50 customers this is off by least (docs/lifetime-value.md). -#}
{%- set leaving = 0.25 -%}
{#- What a day or a week brought is not what each day and week will bring. -#}
{%- set shortest_days = double_literal(30) -%}
{%- set horizons = {
    "days_90d": [(90, 1)],
    "days_365d": [(365, 1)],
    "days_1095d": [(1095, 1)],
    "first_year": discount_terms("first_year"),
    "next_years": discount_terms("next_years"),
} -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    pooled as (

        select
            sum(repeat_order_count) / greatest(
                cast(sum(observed_days) as {{ type_double() }}), {{ shortest_days }} * count(*)
            ) as orders_per_day,
            greatest(
                avg(cast(observed_days as {{ type_double() }})), {{ shortest_days }}
            ) as mean_observed_days,
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
            customers.profit_amount,
            case
                when
                    customers.observed_days - customers.first_to_last_days
                    > {{ var("rfm_ltv_baseline_silent_gaps") }} * pooled.mean_gap_days
                then 0
                else 1
            end as alive_probability,
            (customers.repeat_order_count + pooled.orders_per_day * pooled.mean_observed_days)
            / (customers.observed_days + pooled.mean_observed_days) as orders_per_day,
            {{ double_literal(leaving) }} as s,
            pooled.mean_observed_days + customers.observed_days as dropout_end,
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

    ),

    {#- Of the days to come some are spent as somebody else's customer: more, the shorter customers are known. -#}
    stays as (

        select
            estimates.*
            {%- for name, wanted in horizons.items() %}
                , {{ days_stayed(wanted) }} as {{ name }}
            {%- endfor %}
        from estimates

    )

select
    as_of_date,
    customer_id,
    'baseline' as ltv_method,
    profit_amount,
    alive_probability,
    alive_probability * orders_per_day * days_90d as expected_orders_90d,
    alive_probability * orders_per_day * days_365d as expected_orders_365d,
    expected_order_value,
    alive_probability
    * orders_per_day
    * ({{ discounted_sum("12m", "days_365d", "days_1095d") }})
    * expected_order_value as ltv_12m_amount,
    alive_probability
    * orders_per_day
    * ({{ discounted_sum("36m", "days_365d", "days_1095d") }})
    * expected_order_value as ltv_36m_amount,
    {#- Rates of thumb say nothing of times far ahead. -#}
    cast(null as {{ type_double() }}) as ltv_residual_amount,
    cast(null as {{ type_double() }}) as ltv_lower_amount,
    cast(null as {{ type_double() }}) as ltv_upper_amount
from stays
