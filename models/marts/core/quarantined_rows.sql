with

    order_rows as (
        select * from {{ ref("int_orders__unioned") }} where quarantine_reason is not null
    ),

    {#- The rows of a table have no numbers: they get one by what is in them, so that row order decides nothing. -#}
    numbered as (

        select
            *,
            row_number() over (
                partition by source_name
                order by
                    quarantine_reason,
                    {{ byte_order("source_customer_id") }} nulls first,
                    {{ byte_order("ordered_at_text") }} nulls first,
                    {{ byte_order("amount_text") }} nulls first,
                    {{ byte_order("order_id") }} nulls first
            ) as value_number
        from order_rows

    )

select
    source_name,
    coalesce(source_row_number, cast(value_number as {{ dbt.type_bigint() }})) as row_number,
    cast(quarantine_reason as {{ dbt.type_string() }}) as quarantine_reason,
    source_customer_id as customer_id_text,
    ordered_at_text,
    amount_text,
    order_id as order_id_text,
    source_path
from numbered
