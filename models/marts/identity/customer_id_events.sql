{{ config(enabled=offers_entity("customers")) }}

with

    assignments as (select * from {{ ref("int_identity__assignments") }}),

    moves as (select * from {{ ref("int_identity__id_moves") }}),

    first_rows as (

        select *, min(assignment_number) over (partition by customer_id) as first_assignment_number
        from assignments

    ),

    {#- An id made of records that had others comes from a split; it is new all the same where it holds a new record. -#}
    created as (

        select
            assignment_number, min(as_of_date) as as_of_date, customer_id, count(*) as record_count
        from first_rows
        where assignment_number = first_assignment_number and previous_customer_id is null
        group by assignment_number, customer_id

    ),

    events as (

        select
            assignment_number,
            as_of_date,
            1 as event_order,
            'created' as event_type,
            customer_id,
            cast(null as {{ dbt.type_string() }}) as other_customer_id,
            record_count
        from created
        union all
        select
            assignment_number,
            as_of_date,
            2 as event_order,
            'merged_into' as event_type,
            previous_customer_id as customer_id,
            customer_id as other_customer_id,
            record_count
        from moves
        where is_merger
        union all
        select
            assignment_number,
            as_of_date,
            3 as event_order,
            'split_from' as event_type,
            customer_id,
            previous_customer_id as other_customer_id,
            record_count
        from moves
        where not is_merger

    )

select
    cast(
        row_number() over (
            order by
                assignment_number,
                event_order,
                {{ byte_order("customer_id") }},
                {{ byte_order("other_customer_id") }}
        ) as {{ dbt.type_bigint() }}
    ) as event_number,
    as_of_date,
    cast(event_type as {{ dbt.type_string() }}) as event_type,
    customer_id,
    other_customer_id,
    cast(record_count as {{ dbt.type_bigint() }}) as record_count
from events
