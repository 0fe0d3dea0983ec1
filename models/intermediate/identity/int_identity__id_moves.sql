{{ config(enabled=offers_entity("customers")) }}

with

    assignments as (select * from {{ ref("int_identity__assignments") }}),

    held as (

        select
            *,
            lead(assignment_number) over (
                partition by record_id order by assignment_number
            ) as next_assignment_number
        from assignments

    ),

    {#- An id ends with the build after which no record holds it. -#}
    ended_ids as (

        select customer_id, max(next_assignment_number) as ended_number
        from held
        group by customer_id
        having count(*) = count(next_assignment_number)

    ),

    anchors as (select distinct customer_id, record_id from assignments where is_anchor),

    moves as (

        select
            assignments.assignment_number,
            assignments.previous_customer_id,
            assignments.customer_id,
            min(assignments.as_of_date) as as_of_date,
            count(*) as record_count,
            max(case when anchors.record_id is not null then 1 else 0 end) as anchor_count,
            min({{ byte_order("assignments.record_id") }}) as first_record_id
        from assignments
        left join
            anchors
            on assignments.previous_customer_id = anchors.customer_id
            and assignments.record_id = anchors.record_id
        where assignments.is_present and assignments.previous_customer_id <> assignments.customer_id
        group by
            assignments.assignment_number, assignments.previous_customer_id, assignments.customer_id

    ),

    {#- As int_identity__id_claims chose the cluster an id goes to. -#}
    ranked as (

        select
            *,
            row_number() over (
                partition by assignment_number, previous_customer_id
                order by record_count desc, anchor_count desc, {{ byte_order("first_record_id") }}
            ) as move_rank
        from moves

    )

select
    ranked.assignment_number,
    ranked.as_of_date,
    ranked.previous_customer_id,
    ranked.customer_id,
    cast(ranked.record_count as {{ dbt.type_bigint() }}) as record_count,
    ended_ids.customer_id is not null and ranked.move_rank = 1 as is_merger
from ranked
left join
    ended_ids
    on ranked.previous_customer_id = ended_ids.customer_id
    and ranked.assignment_number = ended_ids.ended_number
