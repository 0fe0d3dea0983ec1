{{ config(materialized="view") }}

{%- set aggregate = var("rfm_monetary_aggregate") -%}
{%- if aggregate not in ["sum", "mean"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_monetary_aggregate is '" ~ aggregate ~ "': use sum or mean"
        )
    }}
{%- endif -%}

with orders_by_customer as (select * from {{ ref("int_orders__by_customer") }})

select
    as_of_date,
    customer_id,
    first_order_date,
    last_order_date,
    cast(
        {{ dbt.datediff("last_order_date", "as_of_date", "day") }} as {{ dbt.type_int() }}
    ) as recency_days,
    window_order_count as frequency,
    {% if aggregate == "mean" -%}
        cast(window_revenue_amount / window_order_count as {{ type_money() }}) as monetary_amount
    {%- else -%} window_revenue_amount as monetary_amount
    {%- endif %}
from orders_by_customer
where window_order_count > 0
