{{ config(enabled=offers_entity("customers")) }}

with

    clusters as (select * from {{ ref("int_identity__clusters") }}),

    past as ({{ past_assignments() }}),

    last_assigned as ({{ latest_assignments("past") }}),

    ids as (

        select customer_id, min(assignment_number) as first_assignment_number
        from past
        group by customer_id

    ),

    anchors as (select distinct customer_id, record_id from past where is_anchor),

    claims as (

        select
            clusters.cluster_id,
            last_assigned.customer_id,
            count(*) as record_count,
            max(case when anchors.record_id is not null then 1 else 0 end) as anchor_count,
            min({{ byte_order("clusters.record_id") }}) as first_record_id
        from clusters
        inner join last_assigned on clusters.record_id = last_assigned.record_id
        left join
            anchors
            on last_assigned.customer_id = anchors.customer_id
            and last_assigned.record_id = anchors.record_id
        group by clusters.cluster_id, last_assigned.customer_id

    ),

    {#- An id may go to one cluster only: where most of its records are. -#}
    chosen as (

        select
            claims.*,
            ids.first_assignment_number,
            row_number() over (
                partition by claims.customer_id
                order by
                    claims.record_count desc,
                    claims.anchor_count desc,
                    {{ byte_order("claims.first_record_id") }}
            )
            = 1 as is_chosen
        from claims
        inner join ids on claims.customer_id = ids.customer_id

    ),

    {#- A cluster keeps one id of those that may go to it: that of most records, the older of two. -#}
    kept as (

        select
            *,
            row_number() over (
                partition by cluster_id, is_chosen
                order by record_count desc, first_assignment_number, {{ byte_order("customer_id") }}
            ) as claim_rank
        from chosen

    )

select
    cluster_id,
    customer_id,
    cast(record_count as {{ dbt.type_bigint() }}) as record_count,
    is_chosen,
    is_chosen and claim_rank = 1 as is_kept
from kept
