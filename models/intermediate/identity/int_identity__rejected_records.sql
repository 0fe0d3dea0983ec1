{{ config(enabled=offers_entity("customers")) }}

with

    record_rows as (select * from {{ ref("int_identity__record_rows") }}),

    repeated_rows as (select * from {{ ref("int_identity__repeated_rows") }})

select source_name, source_record_id, entity_type, quarantine_reason
from record_rows
where quarantine_reason is not null
union all
select source_name, source_record_id, entity_type, quarantine_reason
from repeated_rows
where quarantine_reason is not null
