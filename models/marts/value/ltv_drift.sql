{#- How sure a warning has to be: by chance alone one fit in twenty is as far off. -#}
{%- set needed_errors = double_literal(1.96) -%}
{#- One horizon, in units of which all times are measured here. -#}
{%- set one_horizon = [(1, 1)] -%}

with

    fits as (select * from {{ ref("int_ltv__tested_fits") }}),

    outcomes as (select * from {{ ref("int_ltv__fit_outcomes") }}),

    current_fit as (select run_id from {{ ref("int_ltv__current_fit") }}),

    nodes as ({{ nodes_of_fits() }}),

    histories as (

        select
            outcomes.*,
            fits.model as ltv_method,
            fits.horizon_days,
            fits.a,
            fits.b,
            fits.s,
            fits.r + outcomes.repeat_order_count as order_shape,
            fits.alpha + outcomes.first_to_last_days as order_start,
            fits.alpha + outcomes.observed_days as order_end,
            fits.beta + outcomes.first_to_last_days as dropout_start,
            fits.beta + outcomes.observed_days as dropout_end,
            row_number() over (
                order by
                    {{ byte_order("outcomes.fit_group") }},
                    outcomes.repeat_order_count,
                    outcomes.first_to_last_days,
                    outcomes.observed_days
            ) as history_number
        from outcomes
        inner join fits on outcomes.run_id = fits.run_id and outcomes.fit_group = fits.ltv_group

    ),

    spans as (

        select
            *, case when ltv_method = 'pareto_nbd' then {{ departure_span() }} end as departure_span
        from histories

    ),

    odds as (select *, {{ odds_of_being_gone() }} as odds_of_being_gone from spans),

    {#- Given alive, what was to come depended on the fit, the order count and the age only. -#}
    pairs as (

        select distinct
            fit_group,
            repeat_order_count,
            observed_days,
            ltv_method,
            order_shape as k,
            s,
            order_end / horizon_days as exposure_days,
            dropout_end / horizon_days as dropout_end
        from histories

    ),

    rungs as ({{ node_rungs() }}),

    evaluations as (

        select
            pairs.fit_group,
            pairs.repeat_order_count,
            pairs.observed_days,
            pairs.k,
            pairs.exposure_days,
            nodes.dropout_probability,
            nodes.weight,
            nodes.dropout_probability / pairs.exposure_days as z
        from pairs
        inner join
            rungs
            on pairs.fit_group = rungs.fit_group
            and pairs.repeat_order_count = rungs.repeat_order_count
        inner join
            nodes on rungs.fit_group = nodes.fit_group and rungs.rung = nodes.repeat_order_count

    ),

    living_orders as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            {{ ordered_sum("weight * " ~ orders_per_node(one_horizon), "dropout_probability") }}
            as order_count
        from evaluations
        group by fit_group, repeat_order_count, observed_days
        union all
        select
            fit_group,
            repeat_order_count,
            observed_days,
            k / exposure_days * {{ days_stayed(one_horizon) }} as order_count
        from pairs
        where ltv_method = 'pareto_nbd'

    ),

    expectations as (

        select
            odds.history_number,
            odds.repeat_order_count,
            odds.customer_count,
            odds.order_count,
            cast(odds.order_square_count as {{ type_double() }}) as order_square_count,
            living_orders.order_count / (1 + odds.odds_of_being_gone) as expected_order_count
        from odds
        inner join
            living_orders
            on odds.fit_group = living_orders.fit_group
            and odds.repeat_order_count = living_orders.repeat_order_count
            and odds.observed_days = living_orders.observed_days

    ),

    {#- Customers are independent, so the square of what each is off adds up to the variance of the sum. -#}
    totals as (

        select
            sum(customer_count) as customer_count,
            sum(repeat_order_count * customer_count) as learned_order_count,
            sum(order_count) as order_count,
            {{ ordered_sum("customer_count * expected_order_count", "history_number") }}
            as expected_order_count,
            {{
                ordered_sum(
                    "order_square_count - 2 * order_count * expected_order_count"
                    " + customer_count * expected_order_count * expected_order_count",
                    "history_number",
                )
            }} as variance
        from expectations

    ),

    {#- What was learned from so many repeat orders is itself off, as a sum of so many is. -#}
    errors as (

        select
            *,
            expected_order_count - order_count as order_error,
            sqrt(
                greatest(variance, 0) * (1 + expected_order_count / nullif(learned_order_count, 0))
            ) as standard_error
        from totals
        where customer_count > 0

    )

select
    fits.as_of_date,
    cast(fits.run_id as {{ dbt.type_string() }}) as run_id,
    cast(fits.model as {{ dbt.type_string() }}) as model,
    fits.fitted_as_of_date,
    fits.horizon_days,
    cast(errors.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(errors.order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(errors.expected_order_count as {{ type_double() }}) as expected_order_count,
    cast(errors.order_error / nullif(errors.order_count, 0) as {{ type_double() }}) as order_bias,
    cast(errors.standard_error as {{ type_double() }}) as standard_error,
    cast(
        errors.order_error / nullif(errors.standard_error, 0) as {{ type_double() }}
    ) as standard_errors,
    current_fit.run_id is not null as is_current_fit,
    abs(errors.order_error) > {{ double_literal(var("rfm_ltv_drift_limit")) }} * errors.order_count
    and abs(errors.order_error)
    > {{ needed_errors }} * coalesce(errors.standard_error, 0) as is_warning
from fits
cross join errors
left join current_fit on fits.run_id = current_fit.run_id
where fits.ltv_group = ''
