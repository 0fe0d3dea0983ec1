{{
    config(
        enabled=offers_entity("customers"),
        pre_hook=[
            "{{ drop_scratch_tables() }}",
            "{{ recluster(contested_links(), contested_pairs(), var('rfm_identity_max_component')) }}",
            "{{ find_components(kept_links()) }}",
        ],
        post_hook="{{ drop_scratch_tables() }}",
    )
}}

-- depends_on: {{ ref('int_identity__links') }}
with

    components as (select * from {{ ref("int_identity__components") }}),

    cannot_links as (select * from {{ ref("int_identity__cannot_links") }}),

    reclustered as (select * from {{ scratch_table("components") }}),

    contested as (

        select distinct components.component_id
        from cannot_links
        inner join components on cannot_links.left_record_id = components.record_id

    ),

    oversized as (

        select component_id
        from components
        group by component_id
        having count(*) > {{ var("rfm_identity_max_component") }}

    )

select
    components.record_id,
    case
        {# So many records are linked by something that says nothing about who; until someone has looked, none of
            its links is believed. Two customers too many are put right more easily than strangers in one. #}
        when oversized.component_id is not null
        then components.record_id
        when contested.component_id is not null
        then coalesce(reclustered.component_id, components.record_id)
        else components.component_id
    end as cluster_id,
    components.component_id,
    contested.component_id is not null as is_reclustered,
    case
        when oversized.component_id is not null
        then cast('component_too_large' as {{ dbt.type_string() }})
    end as quarantine_reason
from components
left join contested on components.component_id = contested.component_id
left join oversized on components.component_id = oversized.component_id
left join reclustered on components.record_id = reclustered.record_id
