{{ config(enabled=is_consolidating()) }}

-- In each currency of each source: money of the orders mart = money of the rows that were not
-- left out.
with

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    in_rows as (

        select
            counts.source_name,
            coalesce(counts.currency, '') as currency,
            sum(counts.original_amount) as amount
        from {{ ref("int_orders__judged_counts") }} as counts
        inner join as_of_dates on counts.order_date < as_of_dates.as_of_date
        where counts.quarantine_reason is null
        group by counts.source_name, coalesce(counts.currency, '')

    ),

    in_orders as (

        select source_name, coalesce(currency, '') as currency, sum(original_amount) as amount
        from {{ ref("orders") }}
        group by source_name, coalesce(currency, '')

    )

select
    coalesce(in_rows.source_name, in_orders.source_name) as source_name,
    coalesce(in_rows.currency, in_orders.currency) as currency,
    in_rows.amount as rows_amount,
    in_orders.amount as orders_amount
from in_rows
full outer join
    in_orders
    on in_rows.source_name = in_orders.source_name
    and in_rows.currency = in_orders.currency
where coalesce(in_rows.amount, 0) <> coalesce(in_orders.amount, 0)
