{#- The discounted orders of twelve months, as pairs of days and weight; the last of them is the year. -#}
{%- set months = discount_terms("first_year") + [(365, discount_ends(1) | first)] -%}
{%- set year = months | length -%}
{%- set least = double_literal(1e-300) -%}

with

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    expected_orders as (select * from {{ ref("int_ltv__expected_orders") }}),

    nodes as (select * from {{ ref("int_ltv__history_nodes") }}),

    {#- With z t small the differences below would lose their digits, and series stand in. -#}
    growths as (

        select
            *,
            z * {{ double_literal(365) }} * (k + 1) < 1e-3 as is_small
            {%- for days, weight in months %}
                , ln(1 + z * {{ double_literal(days) }}) as growth_{{ loop.index }}
            {%- endfor %}
        from nodes

    ),

    {#- No order in so many days, where every order would be the last one: (1 + z t)^-k. -#}
    silences as (

        select
            *
            {%- for _ in months %}
                , {{ exp_above_zero("-k * growth_" ~ loop.index) }} as silence_{{ loop.index }}
            {%- endfor %}
        from growths

    ),

    {#- At one node: discounted orders, their slopes by r and alpha, and E[N (N-1)] of the orders N of a year. -#}
    of_nodes as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            weight,
            ln(greatest(dropout_probability, {{ least }})) as log_p,
            ln(greatest(1 - dropout_probability, {{ least }})) as log_rest,
            case
                when is_small
                then
                    k
                    / exposure_days
                    * (
                        {%- for days, weight in months %}
                            {%- set w = "z * " ~ double_literal(days) %}
                            {{ double_literal(days * weight) }}
                            * (1 - (k + 1) * {{ w }} / 2 * (1 - (k + 2) * {{ w }} / 3))
                            {{ "+" if not loop.last }}
                        {%- endfor %}
                    )
                else
                    (
                        {%- for days, weight in months %}
                            {{ double_literal(weight) }} * (1 - silence_{{ loop.index }})
                            {{ "+" if not loop.last }}
                        {%- endfor %}
                    )
                    / dropout_probability
            end as orders_at_node,
            case
                when is_small
                then
                    (
                        {%- for days, weight in months %}
                            {%- set w = "z * " ~ double_literal(days) %}
                            {{ double_literal(days * weight) }} * (
                                1
                                - {{ w }}
                                * (
                                    k
                                    + {{ double_literal(0.5) }}
                                    - {{ w }} * (k * (k / 2 + 1) + {{ double_literal(1 / 3) }})
                                )
                            )
                            {{ "+" if not loop.last }}
                        {%- endfor %}
                    )
                    / exposure_days
                else
                    (
                        {%- for days, weight in months %}
                            {{ double_literal(weight) }}
                            * silence_{{ loop.index }}
                            * growth_{{ loop.index }} {{ "+" if not loop.last }}
                        {%- endfor %}
                    )
                    / dropout_probability
            end as slope_by_r,
            - k
            / (exposure_days * exposure_days)
            * (
                {%- for days, weight in months %}
                    {{ double_literal(days * weight) }}
                    * silence_{{ loop.index }}
                    / (1 + z * {{ double_literal(days) }}) {{ "+" if not loop.last }}
                {%- endfor %}
            ) as slope_by_alpha,
            2
            * (1 - dropout_probability)
            * case
                when is_small
                then
                    k
                    * (k + 1)
                    / 2
                    * ({{ double_literal(365) }} / exposure_days)
                    * ({{ double_literal(365) }} / exposure_days)
                    * (
                        1
                        - (k + 2)
                        * z
                        * {{ double_literal(365) }}
                        * (
                            {{ double_literal(2 / 3) }}
                            - (k + 3) * z * {{ double_literal(365) }} / 4
                        )
                    )
                else
                    (
                        1
                        - silence_{{ year }}
                        * (
                            1
                            + k
                            * z
                            * {{ double_literal(365) }}
                            / (1 + z * {{ double_literal(365) }})
                        )
                    )
                    / (dropout_probability * dropout_probability)
            end as pairs_at_node
        from silences

    ),

    {#- What comes of them is told to the cent, so it does not matter in which order they are added. -#}
    sums_over_nodes as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            sum(weight * orders_at_node) as mean_orders,
            sum(weight * log_p) as mean_log_p,
            sum(weight * log_rest) as mean_log_rest,
            sum(weight * orders_at_node * log_p) as mean_orders_log_p,
            sum(weight * orders_at_node * log_rest) as mean_orders_log_rest,
            sum(weight * slope_by_r) as slope_by_r,
            sum(weight * slope_by_alpha) as slope_by_alpha,
            sum(weight * pairs_at_node) as order_pairs_365d
        from of_nodes
        group by fit_group, repeat_order_count, observed_days

    ),

    histories as (

        select
            expected_orders.fit_group,
            expected_orders.repeat_order_count,
            expected_orders.observed_days,
            expected_orders.orders_365d,
            expected_orders.discounted_orders_12m,
            fits.model,
            fits.r,
            fits.alpha,
            fits.a,
            fits.b,
            fits.s,
            fits.beta,
            fits.r + expected_orders.repeat_order_count as k,
            fits.alpha + expected_orders.observed_days as exposure_days,
            {#- The dropout probability of the living is Beta(a, rest). -#}
            fits.b
            + expected_orders.repeat_order_count
            + case when fits.model = 'mbg_nbd' then 1 else 0 end as rest,
            fits.beta + expected_orders.observed_days as dropout_end
        from expected_orders
        inner join fits on expected_orders.fit_group = fits.ltv_group

    ),

    {#- Orders if the dropout probability were 0, and if it were 1. -#}
    anchors as (

        select
            *,
            k
            / exposure_days
            * (
                {%- for days, weight in months %}
                    {{ double_literal(days * weight) }} {{ "+" if not loop.last }}
                {%- endfor %}
            ) as orders_at_none,
            {%- for days, weight in months %}
                {{ double_literal(weight) }} * (
                    1
                    - {{
                        exp_above_zero(
                            "-k * ln(1 + " ~ double_literal(days) ~ " / exposure_days)"
                        )
                    }}
                ) {{ "+" if not loop.last }}
            {%- endfor %} as orders_at_one,
            {{ digamma("a") }} - {{ digamma("(a + rest)") }} as expected_log_p,
            {{ digamma("rest") }} - {{ digamma("(a + rest)") }} as expected_log_rest
        from histories
        where model <> 'pareto_nbd'

    ),

    {#- Nodes stay where they are and their weights follow the density, so that the slope is the covariance with ln p, or with
    ln(1-p). Orders are taken less those where the logarithm has no bound: what is left is smooth enough for few nodes. -#}
    by_nodes as (

        select
            anchors.fit_group,
            anchors.repeat_order_count,
            anchors.observed_days,
            anchors.orders_365d,
            sums_over_nodes.order_pairs_365d,
            anchors.discounted_orders_12m,
            anchors.r * sums_over_nodes.slope_by_r as slope_r,
            anchors.alpha * sums_over_nodes.slope_by_alpha as slope_alpha,
            anchors.a * (
                sums_over_nodes.mean_orders_log_p
                - anchors.expected_log_p * sums_over_nodes.mean_orders
                - anchors.orders_at_none * (sums_over_nodes.mean_log_p - anchors.expected_log_p)
            ) as slope_a,
            anchors.b * (
                sums_over_nodes.mean_orders_log_rest
                - anchors.expected_log_rest * sums_over_nodes.mean_orders
                - anchors.orders_at_one
                * (sums_over_nodes.mean_log_rest - anchors.expected_log_rest)
            ) as slope_b,
            cast(null as {{ type_double() }}) as slope_s,
            cast(null as {{ type_double() }}) as slope_beta
        from anchors
        inner join
            sums_over_nodes
            on anchors.fit_group = sums_over_nodes.fit_group
            and anchors.repeat_order_count = sums_over_nodes.repeat_order_count
            and anchors.observed_days = sums_over_nodes.observed_days

    ),

    stays as (

        select
            *
            {%- for days, _ in months %}
                , ln(1 + {{ double_literal(days) }} / dropout_end) as growth_{{ loop.index }}
            {%- endfor %}
        from histories
        where model = 'pareto_nbd'

    ),

    {#- Where customers leave at any time, tau being the days stayed: the mean square of tau in a year, and the slopes of its
    discounted mean by s and by B = beta + T. That mean keeps its proportion to B and t, which gives the latter. -#}
    days_stayed as (

        select
            *,
            2
            * dropout_end
            * dropout_end
            * (
                {{ growth_integral("(2 - s)", "growth_" ~ year) }}
                - {{ growth_integral("(1 - s)", "growth_" ~ year) }}
            ) as square_days,
            - dropout_end * (
                {%- for _, weight in months %}
                    {{ double_literal(weight) }}
                    * {{ growth_moment("(1 - s)", "growth_" ~ loop.index) }}
                    {{ "+" if not loop.last }}
                {%- endfor %}
            ) as slope_by_s,
            discounted_orders_12m / (k / exposure_days) - (
                {%- for days, weight in months %}
                    {{ double_literal(days * weight) }}
                    * {{ exp_above_zero("-s * growth_" ~ loop.index) }} {{ "+" if not loop.last }}
                {%- endfor %}
            ) as scaled_slope_by_dropout_end
        from stays

    ),

    closed_forms as (

        select
            fit_group,
            repeat_order_count,
            observed_days,
            orders_365d,
            k * (k + 1) / (exposure_days * exposure_days) * square_days as order_pairs_365d,
            discounted_orders_12m,
            discounted_orders_12m * r / k as slope_r,
            - discounted_orders_12m * alpha / exposure_days as slope_alpha,
            cast(null as {{ type_double() }}) as slope_a,
            cast(null as {{ type_double() }}) as slope_b,
            s * k / exposure_days * slope_by_s as slope_s,
            beta / dropout_end * k / exposure_days * scaled_slope_by_dropout_end as slope_beta
        from days_stayed

    )

select *
from by_nodes
union all
select *
from closed_forms
