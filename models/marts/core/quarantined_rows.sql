with
    order_rows as (
        select * from {{ ref("int_orders__unioned") }} where quarantine_reason is not null
    )

select
    source_name,
    source_row_number as row_number,
    cast(quarantine_reason as {{ dbt.type_string() }}) as quarantine_reason,
    source_customer_id as customer_id_text,
    ordered_at_text,
    amount_text,
    order_id as order_id_text
from order_rows
