with

    orders_by_customer as (select * from {{ ref("int_orders__by_customer") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current)

select
    orders_by_customer.customer_id,
    {#- Accounts and further sources come with systems that have them. -#}
    cast(null as {{ dbt.type_string() }}) as account_id,
    orders_by_customer.as_of_date,
    orders_by_customer.first_order_date as first_seen_date,
    orders_by_customer.first_order_date,
    orders_by_customer.last_order_date,
    cast(1 as {{ dbt.type_int() }}) as source_count,
    orders_by_customer.order_count,
    orders_by_customer.revenue_amount,
    case
        when orders_by_customer.order_count > 0
        then
            {{
                divide_money(
                    "orders_by_customer.revenue_amount", "orders_by_customer.order_count"
                )
            }}
    end as mean_order_amount
from orders_by_customer
inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date
