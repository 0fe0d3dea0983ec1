with customers as (select * from {{ ref("int_ltv__customer_summary") }})

select as_of_date, repeat_order_count, first_to_last_days, observed_days, count(*) as customer_count
from customers
group by as_of_date, repeat_order_count, first_to_last_days, observed_days
