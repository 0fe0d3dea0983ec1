{{ config(enabled=offers_entity("customers")) }}

with

    assignments as (select * from {{ ref("int_identity__assignments") }}),

    last_assigned as ({{ latest_assignments("assignments") }}),

    mergers as (select * from {{ ref("int_identity__id_moves") }} where is_merger),

    {#- The records that held the id when it ended, wherever they have gone since. -#}
    followed as (

        select
            mergers.previous_customer_id as old_customer_id,
            mergers.as_of_date,
            last_assigned.customer_id,
            count(*) as record_count
        from mergers
        inner join
            assignments
            on mergers.assignment_number = assignments.assignment_number
            and mergers.previous_customer_id = assignments.previous_customer_id
            and mergers.customer_id = assignments.customer_id
        inner join last_assigned on assignments.record_id = last_assigned.record_id
        group by mergers.previous_customer_id, mergers.as_of_date, last_assigned.customer_id

    ),

    ranked as (

        select
            *,
            row_number() over (
                partition by old_customer_id
                order by record_count desc, {{ byte_order("customer_id") }}
            ) as target_rank
        from followed

    )

select old_customer_id, customer_id, as_of_date
from ranked
where target_rank = 1
