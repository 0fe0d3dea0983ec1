{{ config(enabled=offers_entity("customers")) }}

with

    records as (select * from {{ ref("int_identity__records") }}),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }}),

    assignments as (select * from {{ ref("int_identity__assignments") }}),

    {#- Rows that only say that a record went or came back change no id. -#}
    moves as (

        select
            record_id,
            as_of_date,
            row_number() over (partition by record_id order by assignment_number desc) as newest
        from assignments
        where previous_customer_id is null or previous_customer_id <> customer_id

    )

select
    customer_ids.customer_id,
    records.record_id,
    records.source_name,
    records.source_record_id,
    records.entity_type,
    moves.as_of_date as assigned_date
from records
inner join customer_ids on records.record_id = customer_ids.record_id
inner join moves on records.record_id = moves.record_id and moves.newest = 1
