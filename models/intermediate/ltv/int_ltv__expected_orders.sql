{%- set horizons = {
    "orders_90d": [(90, 1)],
    "orders_365d": [(365, 1)],
    "orders_1095d": [(1095, 1)],
    "first_year": discount_terms("first_year"),
    "next_years": discount_terms("next_years"),
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
                order_rate * {{ days_stayed(wanted) }} as {{ name }},
            {%- endfor %}
            {% if residual_is_known() -%} order_rate * {{ days_stayed(discount_terms("later")) }}
            {%- else -%} cast(null as {{ type_double() }})
            {%- endif %} as later
        from rates

    ),

    living_orders as (

        select
            sums_over_nodes.*,
            {% if residual_is_known() -%} far_orders.later
            {%- else -%} cast(null as {{ type_double() }})
            {%- endif %} as later
        from sums_over_nodes
        {% if residual_is_known() %}
            left join
                {{ ref("int_ltv__far_orders") }} as far_orders
                on sums_over_nodes.fit_group = far_orders.fit_group
                and sums_over_nodes.repeat_order_count = far_orders.repeat_order_count
                and sums_over_nodes.observed_days = far_orders.observed_days
        {% endif %}
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
    {{ discounted_sum("12m", "orders_365d", "orders_1095d") }} as discounted_orders_12m,
    {{ discounted_sum("36m", "orders_365d", "orders_1095d") }} as discounted_orders_36m,
    {{ discounted_sum("end", "orders_365d", "orders_1095d") }} as residual_orders
from living_orders
