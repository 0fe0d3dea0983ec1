{#- Customers of one group only share a fit; where there are no groups, there is no column of them to read. -#}
{%- set group_column = "ltv_group," if ltv_group_attributes() -%}

with customers as (select * from {{ ref("int_ltv__customer_summary") }})

select
    as_of_date,
    {{ group_column }}
    repeat_order_count,
    first_to_last_days,
    observed_days,
    count(*) as customer_count
from customers
group by as_of_date, {{ group_column }} repeat_order_count, first_to_last_days, observed_days
