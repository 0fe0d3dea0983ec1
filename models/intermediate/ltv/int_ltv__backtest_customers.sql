{{ config(materialized="view") }}

{#- Made anew for each back-test, which names the windows; empty without one. -#}
{%- set windows = var("rfm_ltv_backtest_windows") -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

    windows as (

        {% for cut_date, holdout_days in windows %}
            select
                cast('{{ cut_date }}' as date) as cut_date,
                cast({{ holdout_days | int }} as {{ dbt.type_int() }}) as holdout_days,
                cast({{ (holdout_days / 3) | round | int }} as {{ dbt.type_int() }}) as third_days
            {% if not loop.last %}
                union all
            {% endif %}
        {% else %}
            select
                cast(null as date) as cut_date,
                cast(null as {{ dbt.type_int() }}) as holdout_days,
                cast(null as {{ dbt.type_int() }}) as third_days
            where 1 = 0
        {% endfor %}

    ),

    purchases as ({{ purchases_of("orders") }}),

    {#- Each run takes the same of too many customers: those whose ids hash lowest. -#}
    numbered as (

        select
            customer_id,
            first_order_date,
            row_number() over (
                order by
                    {{ byte_order(sha256_hex("customer_id")) }}, {{ byte_order("customer_id") }}
            ) as customer_number
        from
            (
                select customer_id, min(order_date) as first_order_date
                from purchases
                where is_purchase
                group by customer_id
            ) as buyers

    ),

    sampled as (

        select customer_id, first_order_date
        from numbered
        where customer_number <= {{ var("rfm_ltv_backtest_max_customers") | int }}

    ),

    {#- Money counts on the day it moved: an amount of another day leaves the day of its order. -#}
    events as (

        select
            customer_id,
            order_date,
            order_date as event_date,
            ordered_at,
            amount,
            is_purchase,
            false as is_moved
        from purchases
        union all
        select customer_id, order_date, order_date, null, - amount, false, true
        from other_day_amounts
        union all
        select customer_id, order_date, movement_date, null, amount, false, true
        from other_day_amounts

    ),

    dated as (

        select
            windows.cut_date,
            windows.holdout_days,
            windows.third_days,
            events.customer_id,
            events.event_date,
            events.ordered_at,
            events.amount,
            events.is_purchase,
            events.is_moved and events.order_date = sampled.first_order_date as is_of_first_order,
            cast(
                {{ dbt.datediff("events.event_date", "windows.cut_date", "day") }}
                as {{ dbt.type_int() }}
            ) as days_before_cut
        from events
        inner join sampled on events.customer_id = sampled.customer_id
        cross join windows

    ),

    {#- From the cut on (days before it: 0 or less) lies the hold-out. The first order is left out of what is repeated
    with all that it came to, whenever that was known. -#}
    histories as (

        select
            cut_date,
            holdout_days,
            third_days,
            customer_id,
            max(days_before_cut) filter (where is_purchase) as observed_days,
            min(days_before_cut) filter (where is_purchase and days_before_cut > 0) as recency_days,
            count(*) filter (where is_purchase and days_before_cut > 0) as order_count,
            sum(amount) filter (where days_before_cut > 0) as revenue_amount,
            sum(amount) filter (
                where days_before_cut > 0 and not is_of_first_order
            ) as not_moved_amount,
            {{ earliest_value("amount", "ordered_at", "is_purchase") }} as first_order_amount,
            {%- for window in ["holdout", "third"] %}
                {%- set within = "days_before_cut between 1 and " ~ window ~ "_days" %}
                count(*) filter (where is_purchase and {{ within }}) as {{ window }}_before_count,
                sum(amount) filter (
                    where {{ within }} and not is_of_first_order
                ) as {{ window }}_before_amount,
            {%- endfor %}
            count(*) filter (where is_purchase and days_before_cut <= 0) as future_order_count,
            sum(amount) filter (where days_before_cut <= 0) as future_amount
        from dated
        where days_before_cut > - holdout_days
        group by cut_date, holdout_days, third_days, customer_id

    )

select
    cut_date,
    holdout_days,
    third_days,
    customer_id,
    cast(order_count - 1 as {{ dbt.type_int() }}) as repeat_order_count,
    observed_days - recency_days as first_to_last_days,
    observed_days,
    cast(revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(not_moved_amount - first_order_amount as {{ type_money() }}) as repeat_amount,
    {#- The first order happens once, so it is no sign of what comes next. -#}
    {%- for window, name in [("holdout", "period"), ("third", "third")] %}
        {%- set holds_first = "observed_days <= " ~ window ~ "_days" %}
        cast(
            {{ window }}_before_count
            - case when {{ holds_first }} then 1 else 0 end as {{ dbt.type_int() }}
        ) as {{ name }}_order_count,
        cast(
            coalesce({{ window }}_before_amount, 0)
            - case when {{ holds_first }} then first_order_amount else 0 end as {{ type_money() }}
        ) as {{ name }}_amount,
    {%- endfor %}
    cast(future_order_count as {{ dbt.type_int() }}) as holdout_order_count,
    cast(coalesce(future_amount, 0) as {{ type_money() }}) as holdout_amount
from histories
where order_count > 0
