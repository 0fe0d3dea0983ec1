{{ config(enabled=offers_entity("customers")) }}

{#- What makes a customer worth a look, the worst first. -#}
{%- set risks = {
    "component_too_large": 32,
    "two_people_in_one_record": 16,
    "reclustered": 8,
    "several_birth_dates": 8,
    "weak_learned_links_only": 4,
    "several_family_names": 4,
    "many_records_in_one_source": 2,
    "close_to_size_cap": 2,
} -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }}),

    clusters as (select * from {{ ref("int_identity__clusters") }}),

    links as (select * from {{ ref("identity_links") }} where customer_id is not null),

    owned as (

        select
            customer_ids.customer_id, records.*, clusters.is_reclustered, clusters.quarantine_reason
        from records
        inner join customer_ids on records.record_id = customer_ids.record_id
        inner join clusters on records.record_id = clusters.record_id

    ),

    link_ends as (

        select left_record_id as record_id, link_method, strength
        from links
        where veto_reason is null
        union all
        select right_record_id as record_id, link_method, strength
        from links
        where veto_reason is null

    ),

    {#- A record that belongs to its customer by nothing but learned links below 90 %. -#}
    weakly_linked as (

        select record_id
        from link_ends
        group by record_id
        having max(case when link_method = 'learned' and strength < 90 then 0 else 1 end) = 0

    ),

    source_counts as (

        select customer_id, max(record_count) as most_records
        from
            (
                select customer_id, source_name, count(*) as record_count
                from owned
                group by customer_id, source_name
            ) as counted
        group by customer_id

    ),

    measured as (

        select
            owned.customer_id,
            count(*) as record_count,
            max(
                case when owned.quarantine_reason is not null then 1 else 0 end
            ) as component_too_large,
            max(case when owned.names_two_people then 1 else 0 end) as two_people_in_one_record,
            max(case when owned.is_reclustered then 1 else 0 end) as is_any_reclustered,
            count(distinct owned.birth_date) as birth_date_count,
            max(case when weakly_linked.record_id is not null then 1 else 0 end) as is_any_weak,
            count(distinct owned.family_name_key) as family_name_count
        from owned
        left join weakly_linked on owned.record_id = weakly_linked.record_id
        group by owned.customer_id

    ),

    judged as (

        select
            measured.customer_id,
            measured.record_count,
            measured.component_too_large,
            measured.two_people_in_one_record,
            case
                when measured.is_any_reclustered = 1 and measured.record_count > 1 then 1 else 0
            end as reclustered,
            case when measured.birth_date_count > 1 then 1 else 0 end as several_birth_dates,
            measured.is_any_weak as weak_learned_links_only,
            case when measured.family_name_count > 1 then 1 else 0 end as several_family_names,
            case
                when source_counts.most_records > 3 then 1 else 0
            end as many_records_in_one_source,
            case
                when 2 * measured.record_count > {{ var("rfm_identity_max_component") }}
                then 1
                else 0
            end as close_to_size_cap
        from measured
        inner join source_counts on measured.customer_id = source_counts.customer_id

    ),

    weighed as (

        select
            *,
            {% for reason, weight in risks.items() -%}
                {{ weight }} * {{ reason }} {{ "+" if not loop.last }}
            {% endfor %} as risk,
            {% for reason in risks -%}
                case when {{ reason }} = 1 then ', {{ reason }}' else '' end
                {{ "||" if not loop.last }}
            {% endfor %} as reasons
        from judged

    )

select
    customer_id,
    cast(
        row_number() over (
            order by risk desc, record_count desc, {{ byte_order("customer_id") }}
        ) as {{ dbt.type_bigint() }}
    ) as risk_rank,
    cast(record_count as {{ dbt.type_bigint() }}) as record_count,
    cast(substr(reasons, 3) as {{ dbt.type_string() }}) as reasons
from weighed
where risk > 0
