{%- set money = ["revenue_amount", "profit_amount"] -%}
{%- set names = ["customers", "frequency", "order_value", "margin"] -%}
{%- set double = type_double() -%}

with

    customer_periods as (select * from {{ ref("int_value__customer_periods") }}),

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    ltv as (select customer_id, expected_orders_365d from {{ ref("customer_ltv") }}),

    rfm as (select customer_id, rfm_segment from {{ ref("customer_rfm") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- Both periods by the segment of today, so that nobody moves between the rows of a segment. -#}
    placed as (

        select
            coalesce(customer_periods.customer_id, ltv.customer_id) as customer_id,
            customer_periods.order_count,
            customer_periods.revenue_amount,
            customer_periods.profit_amount,
            customer_periods.previous_order_count,
            customer_periods.previous_revenue_amount,
            customer_periods.previous_profit_amount,
            ltv.expected_orders_365d
        from customer_periods
        full outer join ltv on customer_periods.customer_id = ltv.customer_id

    ),

    segments as (

        select
            coalesce(rfm.rfm_segment, 'No order in the window') as rfm_segment,
            count(*) filter (where placed.order_count > 0) as customer_count,
            coalesce(sum(placed.order_count), 0) as order_count,
            coalesce(sum(placed.revenue_amount), 0) as revenue_amount,
            coalesce(sum(placed.profit_amount), 0) as profit_amount,
            count(*) filter (where placed.previous_order_count > 0) as previous_customer_count,
            coalesce(sum(placed.previous_order_count), 0) as previous_order_count,
            coalesce(sum(placed.previous_revenue_amount), 0) as previous_revenue_amount,
            coalesce(sum(placed.previous_profit_amount), 0) as previous_profit_amount,
            count(customers.customer_id) as known_customer_count,
            coalesce(sum(customers.first_to_last_days), 0) as lifetime_days,
            coalesce(sum(customers.repeat_order_count), 0) as repeat_order_count,
            {# As decimals: the last digit of a sum of doubles depends on the order of the rows. #}
            coalesce(
                sum(cast(placed.expected_orders_365d as {{ type_rate() }})), 0
            ) as expected_orders_365d
        from placed
        left join customers on placed.customer_id = customers.customer_id
        left join rfm on placed.customer_id = rfm.customer_id
        group by coalesce(rfm.rfm_segment, 'No order in the window')

    ),

    {%- set sums = [
        "customer_count",
        "order_count",
        "revenue_amount",
        "profit_amount",
        "previous_customer_count",
        "previous_order_count",
        "previous_revenue_amount",
        "previous_profit_amount",
        "known_customer_count",
        "lifetime_days",
        "repeat_order_count",
        "expected_orders_365d",
    ] %}

    scopes as (

        select
            'company' as scope,
            'all' as scope_value,
            {%- for column in sums %}
                coalesce(sum({{ column }}), 0) as {{ column }} {{ "," if not loop.last }}
            {%- endfor %}
        from segments
        union all
        select 'rfm_segment', rfm_segment, {{ sums | join(", ") }}
        from segments

    ),

    {#- Without orders, or without revenue, a factor has no value. -#}
    factors as (

        select
            *,
            {%- for prefix in ["", "previous_"] %}
                cast({{ prefix }}customer_count as {{ double }}) as {{ prefix }}customers,
                cast({{ prefix }}order_count as {{ double }})
                / nullif({{ prefix }}customer_count, 0) as {{ prefix }}orders_per_customer,
                cast({{ prefix }}revenue_amount as {{ double }})
                / nullif({{ prefix }}order_count, 0) as {{ prefix }}value_per_order,
                case
                    when {{ prefix }}order_count > 0
                    then
                        cast({{ prefix }}profit_amount as {{ double }})
                        / nullif(cast({{ prefix }}revenue_amount as {{ double }}), 0)
                end as {{ prefix }}margin_rate,
            {%- endfor %}
            {# The usual gap of the scope, of everybody where nobody came again. #}
            lifetime_days / nullif(cast(repeat_order_count as {{ double }}), 0) as gap_days,
            max(
                case
                    when scope = 'company'
                    then lifetime_days / nullif(cast(repeat_order_count as {{ double }}), 0)
                end
            ) over () as company_gap_days
        from scopes

    ),

    {%- set factors = [] -%}
    {%- for name in ["customers", "orders_per_customer", "value_per_order", "margin_rate"] -%}
        {%- do factors.append([name, "previous_" ~ name]) -%}
    {%- endfor %}

    effects as (

        select
            *,
            cast(profit_amount - previous_profit_amount as {{ type_money() }}) as change_amount,
            margin_rate is not null and previous_margin_rate is not null as is_split
            {%- for name in names %}
                ,
                case
                    when margin_rate is not null and previous_margin_rate is not null
                    then {{ double_to_money(shapley_effect(factors, loop.index0)) }}
                    else 0
                end as {{ name }}_effect
            {%- endfor %}
        from factors

    )

select
    as_of_dates.as_of_date,
    cast(effects.scope as {{ dbt.type_string() }}) as scope,
    cast(effects.scope_value as {{ dbt.type_string() }}) as scope_value,
    {%- for prefix in ["", "previous_"] %}
        cast(
            effects.{{ prefix }}customer_count as {{ dbt.type_bigint() }}
        ) as {{ prefix }}customer_count,
        cast(
            effects.{{ prefix }}orders_per_customer as {{ double }}
        ) as {{ prefix }}orders_per_customer,
        cast(effects.{{ prefix }}value_per_order as {{ double }}) as {{ prefix }}value_per_order,
        cast(effects.{{ prefix }}margin_rate as {{ double }}) as {{ prefix }}margin_rate,
        cast(effects.{{ prefix }}profit_amount as {{ type_money() }}) as {{ prefix }}profit_amount,
    {%- endfor %}
    effects.change_amount as profit_change_amount,
    {# What cannot be split came or went with the customers; without revenue, with what they spent. #}
    cast(
        case
            when effects.is_split
            then effects.customers_effect
            when effects.order_count > 0 and effects.previous_order_count > 0
            then 0
            else effects.change_amount
        end as {{ type_money() }}
    ) as customers_effect_amount,
    cast(effects.frequency_effect as {{ type_money() }}) as frequency_effect_amount,
    {# Each effect is rounded to the cent; this one takes what rounding left, so that they add up. #}
    cast(
        case
            when effects.is_split
            then
                effects.change_amount
                - effects.customers_effect
                - effects.frequency_effect
                - effects.margin_effect
            when effects.order_count > 0 and effects.previous_order_count > 0
            then effects.change_amount
            else 0
        end as {{ type_money() }}
    ) as order_value_effect_amount,
    cast(effects.margin_effect as {{ type_money() }}) as margin_effect_amount,
    cast(
        (
            effects.lifetime_days
            + cast(effects.expected_orders_365d as {{ double }})
            * coalesce(effects.gap_days, effects.company_gap_days)
        )
        / nullif(effects.known_customer_count, 0) as {{ double }}
    ) as expected_lifetime_days
from effects
cross join as_of_dates
