{%- set tails = interval_tail_probabilities() -%}

with

    expected_orders as (select * from {{ ref("int_ltv__expected_orders") }}),

    fit as (select run_id from {{ ref("int_ltv__current_fit") }}),

    intervals as (

        select fitted_intervals.*
        from {{ ref("fitted_ltv_intervals") }} as fitted_intervals
        inner join fit on fitted_intervals.run_id = fit.run_id

    ),

    knots as (

        select
            repeat_order_count,
            observed_days
            {%- for tail in tails %}
                ,
                max(value_ratio) filter (
                    where abs(tail_probability - {{ double_literal(tail) }}) < 1e-9
                ) as value_ratio_{{ loop.index }}
            {%- endfor %}
        from intervals
        group by repeat_order_count, observed_days

    ),

    counts as (

        select observed.repeat_order_count, max(known.repeat_order_count) as knot
        from (select distinct repeat_order_count from expected_orders) as observed
        inner join
            (select distinct repeat_order_count from knots) as known
            on known.repeat_order_count <= observed.repeat_order_count
        group by observed.repeat_order_count

    ),

    days as (

        select
            observed.observed_days,
            coalesce(
                max(known.observed_days) filter (
                    where known.observed_days <= observed.observed_days
                ),
                min(known.observed_days)
            ) as knot_below,
            coalesce(
                min(known.observed_days) filter (
                    where known.observed_days > observed.observed_days
                ),
                max(known.observed_days)
            ) as knot_above
        from (select distinct observed_days from expected_orders) as observed
        cross join (select distinct observed_days from knots) as known
        group by observed.observed_days

    ),

    shares as (

        select
            observed_days,
            knot_below,
            knot_above,
            case
                when knot_above > knot_below
                then
                    (observed_days - knot_below)
                    / cast(knot_above - knot_below as {{ type_double() }})
                else 0
            end as share_above
        from days

    )

select
    expected_orders.repeat_order_count,
    expected_orders.observed_days,
    expected_orders.orders_90d,
    expected_orders.orders_365d,
    expected_orders.discounted_orders_12m,
    expected_orders.discounted_orders_36m
    {%- for tail in tails %}
        ,
        below.value_ratio_{{ loop.index }}
        + shares.share_above
        * (
            above.value_ratio_{{ loop.index }} - below.value_ratio_{{ loop.index }}
        ) as value_ratio_{{ loop.index }}
    {%- endfor %}
from expected_orders
inner join counts on expected_orders.repeat_order_count = counts.repeat_order_count
inner join shares on expected_orders.observed_days = shares.observed_days
inner join
    knots as below
    on counts.knot = below.repeat_order_count
    and shares.knot_below = below.observed_days
inner join
    knots as above
    on counts.knot = above.repeat_order_count
    and shares.knot_above = above.observed_days
