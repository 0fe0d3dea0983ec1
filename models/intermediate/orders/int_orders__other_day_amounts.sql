with

    order_rows as (select * from {{ ref("int_orders__judged") }} where quarantine_reason is null),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    orders as (select * from {{ ref("int_orders__resolved") }} where has_other_days)

select
    orders.source_name,
    orders.customer_id,
    orders.order_id,
    {% if is_consolidating() -%} orders.currency,
    {%- else -%} cast(null as {{ dbt.type_string() }}) as currency,
    {%- endif %}
    orders.order_date,
    order_rows.order_date as movement_date,
    cast(sum(order_rows.amount) as {{ type_money() }}) as amount
from orders
inner join
    order_rows
    on orders.source_name = order_rows.source_name
    and orders.customer_id = order_rows.customer_id
    and orders.order_id = order_rows.order_id
    and orders.order_date <> order_rows.order_date
    {#- In two currencies they are two orders (int_orders__resolved). -#}
    {%- if is_consolidating() %}
        and coalesce(orders.currency, '') = coalesce(order_rows.currency, '')
    {%- endif %}
inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date
group by
    orders.source_name,
    orders.customer_id,
    orders.order_id,
    {{ "orders.currency," if is_consolidating() }}
    orders.order_date,
    order_rows.order_date
