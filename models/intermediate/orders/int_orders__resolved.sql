with

    order_rows as (select * from {{ ref("int_orders__unioned") }} where quarantine_reason is null),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    known_rows as (

        select order_rows.*
        from order_rows
        inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date

    ),

    {#- Rows with one order id are one order of that customer; without order ids, rows of one moment are. -#}
    orders as (

        select
            source_name,
            source_customer_id as customer_id,
            order_id as source_order_id,
            min(ordered_at) filter (where amount >= 0) as first_sale_at,
            min(ordered_at) as first_row_at,
            max(ordered_at) as last_row_at,
            cast(
                coalesce(sum(amount) filter (where amount >= 0), 0) as {{ type_money() }}
            ) as gross_amount,
            cast(
                coalesce(sum(amount) filter (where amount < 0), 0) as {{ type_money() }}
            ) as refund_amount
        from known_rows
        group by
            source_name,
            source_customer_id,
            order_id,
            case when order_id is null then ordered_at end

    ),

    dated as (

        select
            *,
            coalesce(first_sale_at, first_row_at) as ordered_at,
            {{ to_reporting_date("coalesce(first_sale_at, first_row_at)") }} as order_date
        from orders

    )

select
    coalesce(
        source_order_id, customer_id || '@' || cast(first_row_at as {{ dbt.type_string() }})
    ) as order_id,
    source_name,
    customer_id,
    ordered_at,
    order_date,
    gross_amount,
    refund_amount,
    cast(gross_amount + refund_amount as {{ type_money() }}) as revenue_amount,
    source_order_id is not null as has_order_id,
    {#- A refund that no order of the file belongs to lowers money, never frequency. -#}
    first_sale_at is null as is_refund_only,
    {{ to_reporting_date("first_row_at") }} < order_date
    or {{ to_reporting_date("last_row_at") }} > order_date as has_other_days
from dated
