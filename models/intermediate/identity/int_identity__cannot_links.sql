{{ config(enabled=offers_entity("customers")) }}

with

    records as (select * from {{ ref("int_identity__records") }}),

    components as (select * from {{ ref("int_identity__components") }}),

    decisions as (select * from {{ ref("int_identity__decisions") }}),

    {#- A component too large is not looked into: it has too many pairs, and it is quarantined anyway. -#}
    looked_into as (

        select component_id
        from components
        group by component_id
        having count(*) between 2 and {{ var("rfm_identity_max_component") }}

    ),

    members as (

        select
            components.component_id,
            records.record_id,
            records.entity_type,
            records.tax_id,
            records.birth_date,
            records.birth_year,
            records.given_name_key,
            records.given_name_word,
            records.is_given_name_listed,
            records.is_given_name_full,
            records.family_name_key
        from components
        inner join looked_into on components.component_id = looked_into.component_id
        inner join records on components.record_id = records.record_id

    ),

    judged as (

        select
            left_members.record_id as left_record_id,
            right_members.record_id as right_record_id,
            {{ veto_reason("left_members", "right_members", "decisions.decision_type") }}
            as veto_reason
        from members as left_members
        inner join
            members as right_members
            on left_members.component_id = right_members.component_id
            and {{ byte_order("left_members.record_id") }}
            < {{ byte_order("right_members.record_id") }}
        left join
            decisions
            on left_members.record_id = decisions.left_record_id
            and right_members.record_id = decisions.right_record_id

    )

select left_record_id, right_record_id, cast(veto_reason as {{ dbt.type_string() }}) as veto_reason
from judged
where veto_reason is not null
