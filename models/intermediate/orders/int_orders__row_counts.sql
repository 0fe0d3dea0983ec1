with order_rows as (select * from {{ ref("int_orders__unioned") }})

select
    source_name,
    quarantine_reason,
    order_date,
    count(*) as row_count,
    cast(coalesce(sum(amount), 0) as {{ type_money() }}) as amount
from order_rows
group by source_name, quarantine_reason, order_date
