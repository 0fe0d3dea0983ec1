{{ config(materialized="view") }}

{%- set has_groups = ltv_group_attributes() | length > 0 %}

with

    orders_by_customer as (select * from {{ ref("int_orders__by_customer") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current)

    {%- if has_groups %}
        , groups as (select * from {{ ref("int_ltv__customer_groups") }})
    {%- endif %}

select
    orders_by_customer.as_of_date,
    orders_by_customer.customer_id,
    orders_by_customer.purchase_count - 1 as repeat_order_count,
    cast(
        {{
            dbt.datediff(
                "orders_by_customer.first_order_date", "orders_by_customer.last_order_date", "day"
            )
        }} as {{ dbt.type_int() }}
    ) as first_to_last_days,
    cast(
        {{
            dbt.datediff(
                "orders_by_customer.first_order_date", "orders_by_customer.as_of_date", "day"
            )
        }} as {{ dbt.type_int() }}
    ) as observed_days,
    orders_by_customer.revenue_amount,
    orders_by_customer.profit_amount,
    cast(
        orders_by_customer.revenue_amount
        - orders_by_customer.first_purchase_amount as {{ type_money() }}
    ) as repeat_amount,
    {% if has_groups -%} groups.ltv_group
    {%- else -%} cast('' as {{ dbt.type_string() }}) as ltv_group
    {%- endif %}
from orders_by_customer
inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date
{% if has_groups %}
    inner join
        groups
        on orders_by_customer.as_of_date = groups.as_of_date
        and orders_by_customer.customer_id = groups.customer_id
{% endif %}
where orders_by_customer.purchase_count > 0
