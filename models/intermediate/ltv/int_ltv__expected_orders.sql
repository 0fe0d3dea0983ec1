{%- set factors = discount_factors(36) -%}
{#- Month 12 is 365 days, so the discounted sums leave it out here. -#}
{%- set horizons = {
    "orders_90d": [(90, 1)],
    "orders_365d": [(365, 1)],
    "until_month_11": discounted_horizons(1, 11),
    "from_month_13": discounted_horizons(13, 36),
} -%}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    nodes as (

        select
            fits.ltv_group as fit_group,
            fitted_nodes.repeat_order_count,
            fitted_nodes.dropout_probability,
            fitted_nodes.weight
        from {{ ref("fitted_ltv_nodes") }} as fitted_nodes
        inner join fits on fitted_nodes.run_id = fits.run_id and fits.ltv_group = ''
        union all
        select
            fits.ltv_group,
            group_nodes.repeat_order_count,
            group_nodes.dropout_probability,
            group_nodes.weight
        from {{ ref("fitted_ltv_group_nodes") }} as group_nodes
        inner join
            fits on group_nodes.run_id = fits.run_id and group_nodes.ltv_group = fits.ltv_group

    ),

    {#- Given alive, what is to come depends on the fit, the order count and the age only. -#}
    pairs as (select distinct fit_group, repeat_order_count, observed_days from customers),

    counts as (select distinct fit_group, repeat_order_count from pairs),

    node_counts as (select distinct fit_group, repeat_order_count from nodes),

    {#- An order count the fit has no nodes for takes those of the next lower one. -#}
    rungs as (

        select
            counts.fit_group, counts.repeat_order_count, max(node_counts.repeat_order_count) as rung
        from counts
        inner join
            node_counts
            on counts.fit_group = node_counts.fit_group
            and node_counts.repeat_order_count <= counts.repeat_order_count
        group by counts.fit_group, counts.repeat_order_count

    ),

    evaluations as (

        select
            pairs.fit_group,
            pairs.repeat_order_count,
            pairs.observed_days,
            nodes.dropout_probability,
            nodes.weight,
            fits.r + pairs.repeat_order_count as k,
            fits.alpha + pairs.observed_days as exposure_days,
            nodes.dropout_probability / (fits.alpha + pairs.observed_days) as z
        from pairs
        inner join fits on pairs.fit_group = fits.ltv_group
        inner join
            rungs
            on pairs.fit_group = rungs.fit_group
            and pairs.repeat_order_count = rungs.repeat_order_count
        inner join
            nodes on rungs.fit_group = nodes.fit_group and rungs.rung = nodes.repeat_order_count

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
