{{ config(enabled=offers_entity("customers")) }}

{%- set orders_only = [] -%}
{%- for source_name, entities in var("rfm_sources").items() -%}
    {%- if "orders" in entities and "customers" not in entities -%}
        {%- do orders_only.append("'" ~ source_name ~ "'") -%}
    {%- endif -%}
{%- endfor %}

with

    clusters as (select * from {{ ref("int_identity__clusters") }}),

    claims as (select * from {{ ref("int_identity__id_claims") }}),

    records as (

        select
            record_id,
            source_record_id,
            {% if orders_only -%} source_name in ({{ orders_only | join(", ") }})
            {%- else -%} false
            {%- endif %} as is_orders_only
        from {{ ref("int_identity__records") }}

    ),

    past as ({{ past_assignments() }}),

    known_ids as (select distinct customer_id from past),

    mint_counts as (

        select record_id, count(*) as mint_count from past where is_anchor group by record_id

    ),

    kept_ids as (select cluster_id, customer_id from claims where is_kept),

    {#- The record that a new id is made from. Systems with orders alone had their own ids as customer ids before
        there were other systems: theirs goes first, so that those ids live on. -#}
    anchors as (

        select
            clusters.cluster_id,
            clusters.record_id,
            records.source_record_id,
            records.is_orders_only,
            coalesce(mint_counts.mint_count, 0) as generation,
            row_number() over (
                partition by clusters.cluster_id
                order by
                    case when records.is_orders_only then 0 else 1 end,
                    {{ byte_order("clusters.record_id") }}
            ) as anchor_rank
        from clusters
        inner join records on clusters.record_id = records.record_id
        left join kept_ids on clusters.cluster_id = kept_ids.cluster_id
        left join mint_counts on clusters.record_id = mint_counts.record_id
        where kept_ids.cluster_id is null

    ),

    {#- Two such systems may use one number for two customers: the first of them has it. -#}
    wishes as (

        select
            *,
            row_number() over (
                partition by is_orders_only, source_record_id order by {{ byte_order("record_id") }}
            ) as wish_rank
        from anchors
        where anchor_rank = 1

    )

select cluster_id, customer_id, cast(null as {{ dbt.type_string() }}) as anchor_record_id
from kept_ids
union all
select
    wishes.cluster_id,
    case
        when wishes.is_orders_only and wishes.wish_rank = 1 and known_ids.customer_id is null
        then wishes.source_record_id
        else
            'cus_'
            || {{
                dbt.hash(
                    "wishes.record_id || ':' || cast(wishes.generation as "
                    ~ dbt.type_string()
                    ~ ")"
                )
            }}
    end as customer_id,
    wishes.record_id as anchor_record_id
from wishes
left join known_ids on wishes.source_record_id = known_ids.customer_id
