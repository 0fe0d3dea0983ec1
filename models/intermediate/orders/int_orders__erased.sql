{#- A view: the numbers of these orders are stored nowhere. -#}
{{
    config(
        materialized="view",
        enabled=offers_entity("order_lines") or offers_entity("shipping_costs"),
    )
}}

with

    order_rows as (select * from {{ ref("int_orders__unioned") }} where order_id is not null),

    erased_records as ({{ erased_records() }}),

    salts as ({{ erasure_salts() }}),

    keyed as (

        select
            order_rows.source_name,
            order_rows.order_id,
            order_rows.quarantine_reason,
            {{
                record_tombstone(
                    "order_rows.source_name", "order_rows.source_customer_id", "salts.salt"
                )
            }} as record_tombstone
        from order_rows
        cross join salts

    )

select distinct keyed.source_name, keyed.order_id
from keyed
left join erased_records on keyed.record_tombstone = erased_records.tombstone
where keyed.quarantine_reason = 'customer_erased' or erased_records.tombstone is not null
