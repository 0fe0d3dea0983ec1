{%- if var("rfm_ltv_orders") not in ["count", "merge"] -%}
    {{ exceptions.raise_compiler_error("rfm_ltv_orders is '" ~ var("rfm_ltv_orders") ~ "': use count or merge") }}
{%- endif -%}

with

orders as (select * from {{ ref("int_orders__resolved") }}),

other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

as_of_dates as (select * from {{ ref("int_time__as_of_dates") }} where is_pending),

{#- What lifetime value counts: each order, or (merge) each day with orders. -#}
purchases as (

    {% if var("rfm_ltv_orders") == "merge" %}
    select
        customer_id,
        order_date,
        min(ordered_at) as ordered_at,
        min(order_id) as order_id,
        count(*) filter (where has_order_id and not is_refund_only) as id_order_count,
        bool_or(not has_order_id and not is_refund_only) as has_order_without_id,
        bool_or(not is_refund_only) as is_order,
        sum(revenue_amount) as amount
    from orders
    group by customer_id, order_date
    {% else %}
    select
        customer_id,
        order_date,
        ordered_at,
        order_id,
        case when has_order_id and not is_refund_only then 1 else 0 end as id_order_count,
        not has_order_id and not is_refund_only as has_order_without_id,
        not is_refund_only as is_order,
        revenue_amount as amount
    from orders
    {% endif %}

),

{#- Money counts on the day it moved: an amount of another day leaves the day of its order. -#}
movements as (

    select *
    from purchases
    union all
    select customer_id, order_date, null, null, 0, false, false, -amount
    from other_day_amounts
    union all
    select customer_id, movement_date, null, null, 0, false, false, amount
    from other_day_amounts

),

{#- For each day, the first as-of date that knows it, and the first whose window no longer holds it. -#}
calendar as (

    select
        days.order_date,
        min(as_of_dates.as_of_date) as enters_as_of_date
        {%- if var("rfm_window_days") %},
        min(as_of_dates.as_of_date) filter (
            where
                as_of_dates.as_of_date
                > cast({{ dbt.dateadd("day", var("rfm_window_days"), "days.order_date") }} as date)
        ) as leaves_as_of_date
        {%- endif %}
    from (select distinct order_date from movements) as days
    inner join as_of_dates on days.order_date < as_of_dates.as_of_date
    group by days.order_date

),

{#- What each as-of date knows more than the one before. -#}
additions as (

    select
        movements.customer_id,
        calendar.enters_as_of_date as as_of_date,
        min(movements.order_date) filter (where movements.is_order) as first_order_date,
        max(movements.order_date) filter (where movements.is_order) as last_order_date,
        sum(movements.id_order_count)
        + count(distinct movements.order_date) filter (where movements.has_order_without_id) as order_count,
        count(*) filter (where movements.is_order) as purchase_count,
        sum(movements.amount) as revenue_amount,
        {{ earliest_value("movements.amount", "movements.ordered_at", "movements.order_id", "movements.is_order") }}
        as first_purchase_amount
    from movements
    inner join calendar on movements.order_date = calendar.order_date
    group by movements.customer_id, calendar.enters_as_of_date

),

{% if var("rfm_window_days") %}
removals as (

    select
        movements.customer_id,
        calendar.leaves_as_of_date as as_of_date,
        sum(movements.id_order_count)
        + count(distinct movements.order_date) filter (where movements.has_order_without_id) as order_count,
        sum(movements.amount) as revenue_amount
    from movements
    inner join calendar on movements.order_date = calendar.order_date
    where calendar.leaves_as_of_date is not null
    group by movements.customer_id, calendar.leaves_as_of_date

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
        sum(
            case
                when additions.as_of_date = customer_dates.first_purchase_as_of_date
                then additions.first_purchase_amount
            end
        ) over until_date as first_purchase_amount
        {%- if var("rfm_window_days") %},
        sum(removals.order_count) over until_date as gone_order_count,
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
    cast(order_count - coalesce(gone_order_count, 0) as {{ dbt.type_int() }}) as window_order_count,
    {%- else -%} cast(order_count as {{ dbt.type_int() }}) as window_order_count,
    {%- endif %}
    cast(revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(first_purchase_amount as {{ type_money() }}) as first_purchase_amount,
    {% if var("rfm_window_days") -%}
    cast(revenue_amount - coalesce(gone_revenue_amount, 0) as {{ type_money() }}) as window_revenue_amount
    {%- else -%} cast(revenue_amount as {{ type_money() }}) as window_revenue_amount
    {%- endif %}
from accumulated
