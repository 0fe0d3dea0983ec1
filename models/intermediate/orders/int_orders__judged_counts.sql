{{ config(enabled=is_consolidating()) }}

with order_rows as (select * from {{ ref("int_orders__judged") }})

select
    source_name,
    entity,
    currency,
    quarantine_reason,
    order_date,
    count(*) as row_count,
    cast(coalesce(sum(amount), 0) as {{ type_money() }}) as amount,
    cast(coalesce(sum(original_amount), 0) as {{ type_money() }}) as original_amount
from order_rows
group by source_name, entity, currency, quarantine_reason, order_date
