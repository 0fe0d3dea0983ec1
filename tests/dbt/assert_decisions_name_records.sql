{{ config(enabled=offers_entity("customers"), severity="warn") }}

with

    decisions as (select * from {{ ref("identity_decisions") }} where revoked_on is null),

    records as (select record_id from {{ ref("int_identity__records") }}),

    named as (

        select decision_type, left_record_id as record_id
        from decisions
        union all
        select decision_type, right_record_id as record_id
        from decisions

    )

select named.decision_type, named.record_id
from named
left join records on named.record_id = records.record_id
where records.record_id is null
