{{ config(severity="warn") }}

-- Most customers of the date before must still be known. If not, the orders of another shop, or
-- ids of
-- another kind, went into a database that holds a history.
with

    history as (select as_of_date, customer_id from {{ ref("customer_rfm_history") }}),

    as_of_dates as (select * from {{ ref("int_time__as_of_dates") }} where is_current),

    {# Those of this build know the same customers by construction. #}
    computed as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_pending),

    customers as (select customer_id from {{ ref("customers") }}),

    earlier as (

        select max(history.as_of_date) as as_of_date
        from history
        inner join as_of_dates on history.as_of_date < as_of_dates.as_of_date
        where history.as_of_date not in (select as_of_date from computed)

    ),

    counts as (

        select
            history.as_of_date,
            count(*) as customer_count,
            count(*) filter (where customers.customer_id is null) as unknown_customer_count
        from history
        inner join earlier on history.as_of_date = earlier.as_of_date
        left join customers on history.customer_id = customers.customer_id
        group by history.as_of_date

    )

select *
from counts
where 2 * unknown_customer_count > customer_count
