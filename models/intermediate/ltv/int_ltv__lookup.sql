{%- set tails = interval_tail_probabilities() -%}

with

    expected_orders as (select * from {{ ref("int_ltv__expected_orders") }}),

    fits as (select run_id, ltv_group from {{ ref("int_ltv__group_fits") }}),

    intervals as (

        select
            fits.ltv_group as fit_group,
            fitted_intervals.repeat_order_count,
            fitted_intervals.observed_days,
            fitted_intervals.tail_probability,
            fitted_intervals.value_ratio
        from {{ ref("fitted_ltv_intervals") }} as fitted_intervals
        inner join fits on fitted_intervals.run_id = fits.run_id and fits.ltv_group = ''
        union all
        select
            fits.ltv_group,
            group_intervals.repeat_order_count,
            group_intervals.observed_days,
            group_intervals.tail_probability,
            group_intervals.value_ratio
        from {{ ref("fitted_ltv_group_intervals") }} as group_intervals
        inner join
            fits
            on group_intervals.run_id = fits.run_id
            and group_intervals.ltv_group = fits.ltv_group

    ),

    knots as (

        select
            fit_group,
            repeat_order_count,
            observed_days
            {%- for tail in tails %}
                ,
                max(value_ratio) filter (
                    where abs(tail_probability - {{ double_literal(tail) }}) < 1e-9
                ) as value_ratio_{{ loop.index }}
            {%- endfor %}
        from intervals
        group by fit_group, repeat_order_count, observed_days

    ),

    counts as (

        select
            observed.fit_group, observed.repeat_order_count, max(known.repeat_order_count) as knot
        from (select distinct fit_group, repeat_order_count from expected_orders) as observed
        inner join
            (select distinct fit_group, repeat_order_count from knots) as known
            on observed.fit_group = known.fit_group
            and known.repeat_order_count <= observed.repeat_order_count
        group by observed.fit_group, observed.repeat_order_count

    ),

    days as (

        select
            observed.fit_group,
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
        from (select distinct fit_group, observed_days from expected_orders) as observed
        inner join
            (select distinct fit_group, observed_days from knots) as known
            on observed.fit_group = known.fit_group
        group by observed.fit_group, observed.observed_days

    ),

    shares as (

        select
            fit_group,
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
    expected_orders.fit_group,
    expected_orders.repeat_order_count,
    expected_orders.observed_days,
    expected_orders.orders_90d,
    expected_orders.orders_365d,
    expected_orders.discounted_orders_12m,
    expected_orders.discounted_orders_36m,
    expected_orders.residual_orders
    {%- for tail in tails %}
        ,
        below.value_ratio_{{ loop.index }}
        + shares.share_above
        * (
            above.value_ratio_{{ loop.index }} - below.value_ratio_{{ loop.index }}
        ) as value_ratio_{{ loop.index }}
    {%- endfor %}
from expected_orders
inner join
    counts
    on expected_orders.fit_group = counts.fit_group
    and expected_orders.repeat_order_count = counts.repeat_order_count
inner join
    shares
    on expected_orders.fit_group = shares.fit_group
    and expected_orders.observed_days = shares.observed_days
inner join
    knots as below
    on counts.fit_group = below.fit_group
    and counts.knot = below.repeat_order_count
    and shares.knot_below = below.observed_days
inner join
    knots as above
    on counts.fit_group = above.fit_group
    and counts.knot = above.repeat_order_count
    and shares.knot_above = above.observed_days
