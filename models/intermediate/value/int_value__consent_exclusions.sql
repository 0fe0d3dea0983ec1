{{
    config(
        materialized="view",
        enabled=offers_entity("customers") and offers_entity("consents"),
    )
}}

{%- set text = dbt.type_string() -%}

with

    records as (select * from {{ ref("int_customers__of_records") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    consents as (

        select
            records.customer_id,
            consents.channel,
            consents.status,
            consents.recorded_at,
            max(consents.recorded_at) over (
                partition by records.customer_id, consents.channel
            ) as last_recorded_at
        from
            (
                {{
                    union_sources(
                        "consents",
                        [
                            "source_customer_id",
                            "channel",
                            "purpose",
                            "status",
                            "recorded_at",
                            "quarantine_reason",
                        ],
                    )
                }}
            ) as consents
        inner join
            records
            on consents.source_name = records.source_name
            and consents.source_customer_id = records.source_record_id
        inner join
            as_of_dates on {{ to_reporting_date("consents.recorded_at") }} < as_of_dates.as_of_date
        where consents.purpose = 'marketing' and consents.quarantine_reason is null

    ),

    {#- The last word in each channel counts; a yes and a no of one moment are a no. -#}
    channels as (

        select
            customer_id,
            channel,
            max(recorded_at) as recorded_at,
            max(case when status = 'withdrawn' then 1 else 0 end) as is_withdrawn
        from consents
        where recorded_at = last_recorded_at
        group by customer_id, channel

    ),

    {#- Whom nobody asked has withdrawn nothing. -#}
    withdrawn as (

        select
            customer_id,
            'consent_withdrawn' as reason,
            'consent to marketing withdrawn in every channel, the last on '
            || cast({{ to_reporting_date("max(recorded_at)") }} as {{ text }}) as evidence
        from channels
        group by customer_id
        having min(is_withdrawn) = 1

    )

select customer_id, reason, evidence
from withdrawn
