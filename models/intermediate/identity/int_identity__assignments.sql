{{
    config(
        enabled=offers_entity("customers"),
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="fail",
    )
}}

{#- Ids change only when the sources are good enough: its tests come before. -#}
-- depends_on: {{ ref('source_quality') }}
with

    clusters as (select * from {{ ref("int_identity__clusters") }}),

    cluster_ids as (select * from {{ ref("int_identity__cluster_ids") }}),

    claims as (select * from {{ ref("int_identity__id_claims") }}),

    past as ({{ past_assignments() }}),

    last_assigned as ({{ latest_assignments("past") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    run_numbers as (select coalesce(max(assignment_number), 0) + 1 as assignment_number from past),

    {#- Where an id went that was merged away. -#}
    successors as (

        select claims.customer_id, cluster_ids.customer_id as successor_id
        from claims
        inner join cluster_ids on claims.cluster_id = cluster_ids.cluster_id
        where claims.is_chosen and not claims.is_kept

    ),

    here as (

        select
            clusters.record_id,
            cluster_ids.customer_id,
            coalesce(clusters.record_id = cluster_ids.anchor_record_id, false) as is_anchor,
            true as is_present
        from clusters
        inner join cluster_ids on clusters.cluster_id = cluster_ids.cluster_id

    ),

    {#- A record that its source no longer has keeps its id, should it come back, and goes where that id goes. -#}
    gone as (

        select
            last_assigned.record_id,
            coalesce(successors.successor_id, last_assigned.customer_id) as customer_id,
            false as is_anchor,
            false as is_present
        from last_assigned
        left join clusters on last_assigned.record_id = clusters.record_id
        left join successors on last_assigned.customer_id = successors.customer_id
        where clusters.record_id is null

    ),

    states as (

        select *
        from here
        union all
        select *
        from gone

    )

select
    cast(run_numbers.assignment_number as {{ dbt.type_int() }}) as assignment_number,
    as_of_dates.as_of_date,
    states.record_id,
    cast(states.customer_id as {{ dbt.type_string() }}) as customer_id,
    last_assigned.customer_id as previous_customer_id,
    states.is_anchor,
    states.is_present
from states
cross join run_numbers
left join as_of_dates on 1 = 1
left join last_assigned on states.record_id = last_assigned.record_id
where
    last_assigned.record_id is null
    or last_assigned.customer_id <> states.customer_id
    or last_assigned.is_present <> states.is_present
