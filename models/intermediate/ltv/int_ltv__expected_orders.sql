{%- set factors = discount_factors(36) -%}
{#- Month 12 is 365 days, so the discounted sums leave it out here. -#}
{%- set horizons = {
    "orders_90d": [(90, 1)],
    "orders_365d": [(365, 1)],
    "until_month_11": discounted_horizons(1, 11),
    "from_month_13": discounted_horizons(13, 36),
} -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    nodes as (

        select fitted_nodes.*
        from {{ ref("fitted_ltv_nodes") }} as fitted_nodes
        inner join fit on fitted_nodes.run_id = fit.run_id

    ),

    {#- Given alive, what is to come depends on the order count and the age only. -#}
    pairs as (select distinct repeat_order_count, observed_days from customers),

    counts as (select distinct repeat_order_count from pairs),

    node_counts as (select distinct repeat_order_count from nodes),

    {#- An order count the fit has no nodes for takes those of the next lower one. -#}
    rungs as (

        select counts.repeat_order_count, max(node_counts.repeat_order_count) as rung
        from counts
        inner join node_counts on node_counts.repeat_order_count <= counts.repeat_order_count
        group by counts.repeat_order_count

    ),

    evaluations as (

        select
            pairs.repeat_order_count,
            pairs.observed_days,
            nodes.dropout_probability,
            nodes.weight,
            fit.r + pairs.repeat_order_count as k,
            fit.alpha + pairs.observed_days as exposure_days,
            nodes.dropout_probability / (fit.alpha + pairs.observed_days) as z
        from pairs
        cross join fit
        inner join rungs on pairs.repeat_order_count = rungs.repeat_order_count
        inner join nodes on rungs.rung = nodes.repeat_order_count

    ),

    {#- Given alive, where customers stop after an order: G by horizon. -#}
    sums_over_nodes as (

        select
            repeat_order_count,
            observed_days,
            {%- for name, wanted in horizons.items() %}
                {{ ordered_sum("weight * " ~ orders_per_node(wanted), "dropout_probability") }}
                as {{ name }} {{ "," if not loop.last }}
            {%- endfor %}
        from evaluations
        group by repeat_order_count, observed_days

    ),

    {#- Where customers stop at any time, the days they stay at their mean rate have a closed form. -#}
    rates as (

        select
            pairs.repeat_order_count,
            pairs.observed_days,
            (fit.r + pairs.repeat_order_count) / (fit.alpha + pairs.observed_days) as order_rate,
            fit.s,
            fit.beta + pairs.observed_days as dropout_end
        from pairs
        cross join fit
        where fit.model = 'pareto_nbd'

    ),

    closed_forms as (

        select
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
    repeat_order_count,
    observed_days,
    orders_90d,
    orders_365d,
    until_month_11 + {{ double_literal(factors[11]) }} * orders_365d as discounted_orders_12m,
    until_month_11
    + {{ double_literal(factors[11] - factors[12]) }} * orders_365d
    + from_month_13 as discounted_orders_36m
from living_orders
