{{ config(enabled=residual_is_known()) }}

{#- Far ahead the sum over nodes takes several times as many of them. It is smooth in ln(alpha + T), so it is made at knots
    of that and a polynomial stands for it between them: Chebyshev's, right to 1e-10 over ten years. -#}
{%- set knots = 24 -%}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    pairs as (select distinct fit_group, repeat_order_count, observed_days from customers),

    nodes as (

        select
            fits.ltv_group as fit_group,
            far_nodes.repeat_order_count,
            far_nodes.dropout_probability,
            far_nodes.weight
        from {{ ref("fitted_ltv_far_nodes") }} as far_nodes
        inner join fits on far_nodes.run_id = fits.run_id and far_nodes.ltv_group = fits.ltv_group

    ),

    rungs as ({{ node_rungs() }}),

    longest as (

        select fit_group, greatest(max(observed_days), 1) as observed_days
        from pairs
        group by fit_group

    ),

    spans as (

        select
            longest.fit_group,
            fits.r,
            fits.alpha,
            (ln(fits.alpha + longest.observed_days) + ln(fits.alpha)) / 2 as middle,
            (ln(fits.alpha + longest.observed_days) - ln(fits.alpha)) / 2 as half
        from longest
        inner join fits on longest.fit_group = fits.ltv_group

    ),

    numbers as (

        {% for number in range(knots) %}
            select {{ number }} as number {{ "union all" if not loop.last }}
        {% endfor %}

    ),

    knots as (

        select
            number as knot,
            {{ double_literal(3.141592653589793 / knots) }} * (number + 0.5) as angle
        from numbers

    ),

    exposures as (

        select
            spans.fit_group,
            spans.r,
            knots.knot,
            knots.angle,
            exp(spans.middle + spans.half * cos(knots.angle)) as exposure_days
        from spans
        cross join knots

    ),

    evaluations as (

        select
            rungs.fit_group,
            rungs.repeat_order_count,
            exposures.knot,
            exposures.angle,
            exposures.exposure_days,
            exposures.r + rungs.repeat_order_count as k,
            nodes.dropout_probability,
            nodes.weight,
            nodes.dropout_probability / exposures.exposure_days as z
        from rungs
        inner join
            nodes on rungs.fit_group = nodes.fit_group and rungs.rung = nodes.repeat_order_count
        inner join exposures on rungs.fit_group = exposures.fit_group

    ),

    at_knots as (

        select
            fit_group,
            repeat_order_count,
            knot,
            angle,
            {{
                ordered_sum(
                    "weight * " ~ orders_per_node(discount_terms("later")), "dropout_probability"
                )
            }} as later
        from evaluations
        group by fit_group, repeat_order_count, knot, angle

    ),

    coefficients as (

        select
            at_knots.fit_group,
            at_knots.repeat_order_count,
            numbers.number as degree,
            {{
                ordered_sum(
                    "at_knots.later * cos(numbers.number * at_knots.angle)", "at_knots.knot"
                )
            }}
            * case when numbers.number = 0 then 1 else 2 end
            / {{ double_literal(knots) }} as coefficient
        from at_knots
        cross join numbers
        group by at_knots.fit_group, at_knots.repeat_order_count, numbers.number

    ),

    angles as (

        select
            pairs.fit_group,
            pairs.repeat_order_count,
            pairs.observed_days,
            acos(
                greatest(
                    -1,
                    least(1, (ln(spans.alpha + pairs.observed_days) - spans.middle) / spans.half)
                )
            ) as angle
        from pairs
        inner join spans on pairs.fit_group = spans.fit_group

    )

select
    angles.fit_group,
    angles.repeat_order_count,
    angles.observed_days,
    {{
        ordered_sum(
            "coefficients.coefficient * cos(coefficients.degree * angles.angle)",
            "coefficients.degree",
        )
    }} as later
from angles
inner join
    coefficients
    on angles.fit_group = coefficients.fit_group
    and angles.repeat_order_count = coefficients.repeat_order_count
group by angles.fit_group, angles.repeat_order_count, angles.observed_days
