with

    daily_counts as (

        select *
        from
            {{
                ref(
                    "int_orders__judged_counts"
                    if is_consolidating()
                    else "int_orders__row_counts"
                )
            }}

    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    orders as (select * from {{ ref("int_orders__resolved") }}),

    row_counts as (

        select
            daily_counts.source_name,
            as_of_dates.as_of_date,
            sum(daily_counts.row_count) as row_count,
            sum(daily_counts.row_count) filter (
                where daily_counts.quarantine_reason is null
            ) as usable_row_count,
            sum(daily_counts.row_count) filter (
                where daily_counts.quarantine_reason is not null
            ) as quarantined_row_count,
            sum(daily_counts.row_count) filter (
                where
                    daily_counts.quarantine_reason is null
                    and daily_counts.order_date >= as_of_dates.as_of_date
            ) as not_yet_row_count
        from daily_counts
        left join as_of_dates on 1 = 1
        group by daily_counts.source_name, as_of_dates.as_of_date

    ),

    order_counts as (

        select
            source_name,
            count(*) filter (where not is_refund_only) as order_count,
            min(order_date) as first_order_date,
            max(order_date) as last_order_date,
            sum(gross_amount) as gross_amount,
            sum(refund_amount) as refund_amount,
            sum(revenue_amount) as revenue_amount
        from orders
        group by source_name

    )

select
    row_counts.source_name,
    row_counts.as_of_date,
    order_counts.first_order_date,
    order_counts.last_order_date,
    cast(row_counts.row_count as {{ dbt.type_bigint() }}) as row_count,
    cast(coalesce(row_counts.usable_row_count, 0) as {{ dbt.type_bigint() }}) as usable_row_count,
    cast(
        coalesce(row_counts.quarantined_row_count, 0) as {{ dbt.type_bigint() }}
    ) as quarantined_row_count,
    cast(coalesce(row_counts.not_yet_row_count, 0) as {{ dbt.type_bigint() }}) as not_yet_row_count,
    cast(coalesce(order_counts.order_count, 0) as {{ dbt.type_bigint() }}) as order_count,
    cast(coalesce(order_counts.gross_amount, 0) as {{ type_money() }}) as gross_amount,
    cast(coalesce(order_counts.refund_amount, 0) as {{ type_money() }}) as refund_amount,
    cast(coalesce(order_counts.revenue_amount, 0) as {{ type_money() }}) as revenue_amount
from row_counts
left join order_counts on row_counts.source_name = order_counts.source_name
