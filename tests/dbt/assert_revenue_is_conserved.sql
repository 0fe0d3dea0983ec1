-- Money in the orders mart = money of the usable rows before the as-of date, to the cent.
with

    row_counts as (
        select *
        from
            {{
                ref(
                    "int_orders__judged_counts"
                    if is_consolidating()
                    else "int_orders__row_counts"
                )
            }}
        where quarantine_reason is null
    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    in_source as (

        select coalesce(sum(row_counts.amount), 0) as amount
        from row_counts
        inner join as_of_dates on row_counts.order_date < as_of_dates.as_of_date

    ),

    in_orders as (select coalesce(sum(revenue_amount), 0) as amount from {{ ref("orders") }}),

    in_customers as (select coalesce(sum(revenue_amount), 0) as amount from {{ ref("customers") }})

select
    in_source.amount as source_amount,
    in_orders.amount as orders_amount,
    in_customers.amount as customers_amount
from in_source
cross join in_orders
cross join in_customers
where in_source.amount <> in_orders.amount or in_source.amount <> in_customers.amount
