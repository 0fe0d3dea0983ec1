{{ config(materialized="view") }}

{%- set aggregate = var("rfm_monetary_aggregate") -%}
{%- if aggregate not in ["sum", "mean"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_monetary_aggregate is '" ~ aggregate ~ "': use sum or mean"
        )
    }}
{%- endif -%}

with

    orders_by_customer as (
        select * from {{ ref("int_orders__by_customer") }} where window_order_count > 0
    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_pending)

select
    orders_by_customer.as_of_date,
    orders_by_customer.customer_id,
    orders_by_customer.first_order_date,
    orders_by_customer.last_order_date,
    cast(
        {{
            dbt.datediff(
                "orders_by_customer.last_order_date", "orders_by_customer.as_of_date", "day"
            )
        }} as {{ dbt.type_int() }}
    ) as recency_days,
    orders_by_customer.window_order_count as frequency,
    {% if aggregate == "mean" -%}
        {{
            divide_money(
                "orders_by_customer.window_profit_amount",
                "orders_by_customer.window_order_count",
            )
        }} as monetary_amount
    {%- else -%} orders_by_customer.window_profit_amount as monetary_amount
    {%- endif %}
from orders_by_customer
inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date
