{%- set factors = discount_factors(36) -%}
{#- Month 12 is 365 days, so the discounted sums leave it out here. -#}
{%- set horizons = {
    "orders_90d": [(90, 1)],
    "orders_365d": [(365, 1)],
    "until_month_11": discounted_horizons(1, 11),
    "from_month_13": discounted_horizons(13, 36),
} -%}

with

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    evaluations as (select * from {{ ref("int_ltv__history_nodes") }}),

    {#- Given alive, what is to come depends on the fit, the order count and the age only. -#}
    pairs as (

        select distinct fit_group, repeat_order_count, observed_days
        from {{ ref("int_ltv__customer_fits") }}

    ),

    {#- Given alive, where customers stop after an order: G by horizon. -#}
    sums_over_nodes as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            {%- for name, wanted in horizons.items() %}
                {{ ordered_sum("weight * " ~ orders_per_node(wanted), "dropout_probability") }}
                as {{ name }} {{ "," if not loop.last }}
            {%- endfor %}
        from evaluations
        group by fit_group, repeat_order_count, observed_days

    ),

    {#- Where customers stop at any time, the days they stay at their mean rate have a closed form. -#}
    rates as (

        select
            pairs.fit_group,
            pairs.repeat_order_count,
            pairs.observed_days,
            (fits.r + pairs.repeat_order_count) / (fits.alpha + pairs.observed_days) as order_rate,
            fits.s,
            fits.beta + pairs.observed_days as dropout_end
        from pairs
        inner join fits on pairs.fit_group = fits.ltv_group
        where fits.model = 'pareto_nbd'

    ),

    closed_forms as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            {%- for name, wanted in horizons.items() %}
                order_rate * {{ days_stayed(wanted) }} as {{ name }} {{ "," if not loop.last }}
            {%- endfor %}
        from rates

    ),

    living_orders as (

        select *
        from sums_over_nodes
        union all
        select *
        from closed_forms

    )

select
    fit_group,
    repeat_order_count,
    observed_days,
    orders_90d,
    orders_365d,
    until_month_11 + {{ double_literal(factors[11]) }} * orders_365d as discounted_orders_12m,
    until_month_11
    + {{ double_literal(factors[11] - factors[12]) }} * orders_365d
    + from_month_13 as discounted_orders_36m
from living_orders
