{%- if var("rfm_ltv_orders") not in ["count", "merge"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_ltv_orders is '" ~ var("rfm_ltv_orders") ~ "': use count or merge"
        )
    }}
{%- endif -%}
{#- Where money may mean a margin, costs move it too, also on days without an order. -#}
{%- set has_margins = may_use_margins() -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

    as_of_dates as (
        select * from {{ ref("int_time__as_of_dates") }} where is_pending or is_current
    ),

    {% if has_margins %}
        measures as (select profit_measure from {{ ref("int_profit__measure") }}),

        {#- What a customer cost, by the day, down to the margin that money means. -#}
        costs as (

            select
                customer_days.customer_id,
                customer_days.movement_date,
                {{ measured_cost("customer_days", "measures.profit_measure") }} as cost_amount
            from {{ ref("int_profit__customer_days") }} as customer_days
            inner join
                (select distinct customer_id from orders) as buyers
                on customer_days.customer_id = buyers.customer_id
            inner join measures on measures.profit_measure <> 'net_revenue'

        ),
    {% endif %}

    purchases as ({{ purchases_of("orders") }}),

    {#- Without order ids, what counts as an order is a day with orders. -#}
    order_days as (

        select distinct customer_id, order_date
        from orders
        where not has_order_id and not is_refund_only

    ),

    {#- Money counts on the day it moved: an amount of another day leaves the day of its order. -#}
    events as (

        select
            customer_id,
            order_date as event_date,
            ordered_at,
            amount,
            {{ "cast(0 as " ~ type_money() ~ ") as cost_amount," if has_margins }}
            is_purchase,
            order_count
        from purchases
        union all
        select customer_id, order_date, null, 0, {{ "0," if has_margins }} false, 1
        from order_days
        union all
        select customer_id, order_date, null, - amount, {{ "0," if has_margins }} false, 0
        from other_day_amounts
        union all
        select customer_id, movement_date, null, amount, {{ "0," if has_margins }} false, 0
        from other_day_amounts
        {%- if has_margins %}
            union all
            select customer_id, movement_date, null, 0, cost_amount, false, 0
            from costs
        {%- endif %}

    ),

    {#- For each day, the first as-of date that knows it, and the first whose window no longer holds it. -#}
    calendar as (

        select
            days.event_date,
            min(as_of_dates.as_of_date) as enters_as_of_date
            {%- if var("rfm_window_days") %}
                ,
                min(as_of_dates.as_of_date) filter (
                    where
                        as_of_dates.as_of_date > cast(
                            {{ dbt.dateadd("day", var("rfm_window_days"), "days.event_date") }}
                            as date
                        )
                ) as leaves_as_of_date
            {%- endif %}
        from (select distinct event_date from events) as days
        inner join as_of_dates on days.event_date < as_of_dates.as_of_date
        group by days.event_date

    ),

    {#- What each as-of date knows more than the one before. -#}
    additions as (

        select
            events.customer_id,
            calendar.enters_as_of_date as as_of_date,
            min(events.event_date) filter (where events.is_purchase) as first_order_date,
            max(events.event_date) filter (where events.is_purchase) as last_order_date,
            sum(events.order_count) as order_count,
            count(*) filter (where events.is_purchase) as purchase_count,
            sum(events.amount) as revenue_amount,
            {{ "sum(events.cost_amount) as cost_amount," if has_margins }}
            {{ earliest_value("events.amount", "events.ordered_at", "events.is_purchase") }}
            as first_purchase_amount
        from events
        inner join calendar on events.event_date = calendar.event_date
        group by events.customer_id, calendar.enters_as_of_date

    ),

    {% if var("rfm_window_days") %}
        removals as (

            select
                events.customer_id,
                calendar.leaves_as_of_date as as_of_date,
                sum(events.order_count) as order_count,
                {{ "sum(events.cost_amount) as cost_amount," if has_margins }}
                sum(events.amount) as revenue_amount
            from events
            inner join calendar on events.event_date = calendar.event_date
            where calendar.leaves_as_of_date is not null
            group by events.customer_id, calendar.leaves_as_of_date

        ),
    {% endif %}

    customers as (

        select
            customer_id,
            min(as_of_date) as first_as_of_date,
            min(as_of_date) filter (where purchase_count > 0) as first_purchase_as_of_date
        from additions
        group by customer_id

    ),

    customer_dates as (

        select customers.customer_id, customers.first_purchase_as_of_date, as_of_dates.as_of_date
        from customers
        inner join as_of_dates on customers.first_as_of_date <= as_of_dates.as_of_date

    ),

    accumulated as (

        select
            customer_dates.as_of_date,
            customer_dates.customer_id,
            min(additions.first_order_date) over until_date as first_order_date,
            max(additions.last_order_date) over until_date as last_order_date,
            sum(additions.order_count) over until_date as order_count,
            sum(additions.purchase_count) over until_date as purchase_count,
            sum(additions.revenue_amount) over until_date as revenue_amount,
            {{ "sum(additions.cost_amount) over until_date as cost_amount," if has_margins }}
            sum(
                case
                    when additions.as_of_date = customer_dates.first_purchase_as_of_date
                    then additions.first_purchase_amount
                end
            ) over until_date as first_purchase_amount
            {%- if var("rfm_window_days") %}
                ,
                sum(removals.order_count) over until_date as gone_order_count,
                {{ "sum(removals.cost_amount) over until_date as gone_cost_amount," if has_margins }}
                sum(removals.revenue_amount) over until_date as gone_revenue_amount
            {%- endif %}
        from customer_dates
        left join
            additions
            on customer_dates.customer_id = additions.customer_id
            and customer_dates.as_of_date = additions.as_of_date
        {% if var("rfm_window_days") %}
            left join
                removals
                on customer_dates.customer_id = removals.customer_id
                and customer_dates.as_of_date = removals.as_of_date
        {% endif %}
        window
            until_date as (
                partition by customer_dates.customer_id
                order by customer_dates.as_of_date
                rows between unbounded preceding and current row
            )

    )

select
    as_of_date,
    customer_id,
    first_order_date,
    last_order_date,
    cast(order_count as {{ dbt.type_int() }}) as order_count,
    cast(purchase_count as {{ dbt.type_int() }}) as purchase_count,
    {% if var("rfm_window_days") -%}
        cast(
            order_count - coalesce(gone_order_count, 0) as {{ dbt.type_int() }}
        ) as window_order_count,
    {%- else -%} cast(order_count as {{ dbt.type_int() }}) as window_order_count,
    {%- endif %}
    cast(revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(first_purchase_amount as {{ type_money() }}) as first_purchase_amount,
    {#- Revenue, or the margin that money means. -#}
    {%- set profit = (
        "revenue_amount - coalesce(cost_amount, 0)" if has_margins else "revenue_amount"
    ) %}
    {%- set gone = "coalesce(gone_revenue_amount, 0)" ~ (
        " - coalesce(gone_cost_amount, 0)" if has_margins else ""
    ) %}
    cast({{ profit }} as {{ type_money() }}) as profit_amount,
    {% if var("rfm_window_days") -%}
        cast({{ profit }} - ({{ gone }}) as {{ type_money() }}) as window_profit_amount
    {%- else -%} cast({{ profit }} as {{ type_money() }}) as window_profit_amount
    {%- endif %}
from accumulated
