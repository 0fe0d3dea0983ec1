{{ config(enabled=offers_entity("customers")) }}

with

    clusters as (select * from {{ ref("int_identity__clusters") }}),

    assignments as (select * from {{ ref("int_identity__assignments") }}),

    last_assigned as ({{ latest_assignments("assignments") }})

select clusters.record_id, last_assigned.customer_id, clusters.cluster_id
from clusters
inner join last_assigned on clusters.record_id = last_assigned.record_id
