{%- set group_column = "ltv_group," if ltv_group_attributes() -%}

with
    customers as (select * from {{ ref("int_ltv__customer_summary") }} where repeat_order_count > 0)

select as_of_date, {{ group_column }} repeat_order_count, repeat_amount, count(*) as customer_count
from customers
group by as_of_date, {{ group_column }} repeat_order_count, repeat_amount
