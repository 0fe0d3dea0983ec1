{#- Orders of one day are one visit: they say nothing of how long a customer waits. -#}
{%- set own_from = var("rfm_loyalty_own_rhythm_orders") | int -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- Sorted once, a day and a month count where they begin: grouping by day first costs twice as much. -#}
    order_rows as (

        select
            customer_id,
            order_date,
            is_refund_only,
            gross_amount,
            refund_amount,
            lag(order_date) over (
                partition by customer_id, is_refund_only order by order_date
            ) as previous_date
        from orders

    ),

    recent as (

        select
            cast(
                {{ dbt.dateadd("day", -(var("rfm_loyalty_answer_days") | int), "as_of_date") }}
                as date
            ) as start_date
        from as_of_dates

    ),

    customers as (

        select
            order_rows.customer_id,
            min(order_rows.order_date) filter (where not is_refund_only) as first_order_date,
            max(order_rows.order_date) filter (where not is_refund_only) as last_order_date,
            count(*) filter (
                where not is_refund_only and (previous_date is null or previous_date < order_date)
            ) as order_day_count,
            count(*) filter (
                where
                    not is_refund_only
                    and (
                        previous_date is null
                        or extract(month from previous_date) <> extract(month from order_date)
                        or extract(year from previous_date) <> extract(year from order_date)
                    )
            ) as order_month_count,
            coalesce(
                sum(case when order_date >= recent.start_date then gross_amount end), 0
            ) as recent_gross_amount,
            coalesce(
                sum(case when order_date >= recent.start_date then refund_amount end), 0
            ) as recent_refund_amount
        from order_rows
        cross join recent
        group by order_rows.customer_id
        having count(*) filter (where not is_refund_only) > 0

    ),

    spans as (

        select
            customers.*,
            {{ dbt.datediff("first_order_date", "last_order_date", "day") }} as first_to_last_days,
            {{ dbt.datediff("first_order_date", "as_of_dates.as_of_date", "day") }} as tenure_days,
            {{ dbt.datediff("last_order_date", "as_of_dates.as_of_date", "day") }}
            as days_since_last_order,
            cast({{ dbt.dateadd("day", -1, "as_of_dates.as_of_date") }} as date) as last_day
        from customers
        cross join as_of_dates

    ),

    {#- How long those who came back waited; null where nobody ever did. -#}
    company as (

        select
            sum(first_to_last_days)
            / nullif(cast(sum(order_day_count - 1) as {{ type_double() }}), 0) as usual_gap_days
        from spans

    ),

    gaps as (

        select
            spans.*,
            order_day_count >= {{ own_from }} as has_own_rhythm,
            case
                when spans.order_day_count >= {{ own_from }}
                then
                    spans.first_to_last_days
                    / cast(spans.order_day_count - 1 as {{ type_double() }})
                else company.usual_gap_days
            end as mean_gap_days
        from spans
        cross join company

    )

select
    customer_id,
    cast(first_order_date as date) as first_order_date,
    cast(last_order_date as date) as last_order_date,
    has_own_rhythm,
    cast(order_day_count as {{ dbt.type_int() }}) as order_day_count,
    cast(tenure_days as {{ dbt.type_int() }}) as tenure_days,
    cast(days_since_last_order as {{ dbt.type_int() }}) as days_since_last_order,
    {# Who bought three times in a week is not late in the next. #}
    case
        when mean_gap_days < {{ double_literal(var("rfm_loyalty_min_gap_days")) }}
        then {{ double_literal(var("rfm_loyalty_min_gap_days")) }}
        else mean_gap_days
    end as usual_gap_days,
    order_month_count / cast(
        extract(year from last_day) * 12
        + extract(month from last_day)
        - extract(year from first_order_date) * 12
        - extract(month from first_order_date)
        + 1 as {{ type_double() }}
    ) as active_month_share,
    cast(recent_gross_amount as {{ type_money() }}) as recent_gross_amount,
    cast(recent_refund_amount as {{ type_money() }}) as recent_refund_amount
from gaps
