{{
    config(
        enabled=offers_entity("customers"),
        pre_hook=["{{ drop_scratch_tables() }}", "{{ find_components(unvetoed_links()) }}"],
        post_hook="{{ drop_scratch_tables() }}",
    )
}}

-- depends_on: {{ ref('int_identity__links') }}
with

    records as (select record_id from {{ ref("int_identity__records") }}),

    linked as (select * from {{ scratch_table("components") }})

select records.record_id, coalesce(linked.component_id, records.record_id) as component_id
from records
left join linked on records.record_id = linked.record_id
