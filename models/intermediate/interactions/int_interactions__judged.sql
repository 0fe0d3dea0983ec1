{{ config(enabled=has_interactions()) }}

with

    interactions as (select * from {{ ref("int_interactions__unioned") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    erased_records as ({{ erased_records() }}),

    {#- A referral names somebody else by the hash of an address. -#}
    erased_addresses as ({{ erased_keys("email_hash") }}),

    salts as ({{ erasure_salts() }}),

    dated as (

        select
            interactions.*,
            {{ to_reporting_date("interactions.occurred_at") }} as interaction_date,
            {{
                record_tombstone(
                    "interactions.source_name", "interactions.source_customer_id", "salts.salt"
                )
            }} as record_tombstone,
            {{ referral_tombstone("interactions", "salts.salt") }} as address_tombstone
        from interactions
        cross join salts

    ),

    {% if offers_entity("customers") %}
        records as (select * from {{ ref("int_customers__of_records") }}),
    {% endif %}

    {% if var("rfm_currency") %} rates as (select * from {{ ref("int_money__rates") }}), {% endif %}

    owned as (

        select
            dated.*,
            erased_records.tombstone is not null
            or coalesce(dated.quarantine_reason = 'customer_erased', false) as is_erased,
            erased_addresses.tombstone is not null as is_reference_erased,
            {% if offers_entity("customers") -%} records.customer_id
            {%- else -%} dated.source_customer_id as customer_id
            {%- endif %},
            {{ reporting_rate("dated.currency") }} as rate
        from dated
        left join erased_records on dated.record_tombstone = erased_records.tombstone
        left join erased_addresses on dated.address_tombstone = erased_addresses.tombstone
        {% if offers_entity("customers") %}
            left join
                records
                on dated.source_name = records.source_name
                and dated.source_customer_id = records.source_record_id
        {% endif %}
        {% if var("rfm_currency") %}
            left join
                rates
                on dated.currency = rates.currency
                and dated.interaction_date = rates.rate_date
        {% endif %}

    )

select
    owned.source_name,
    owned.entity,
    {# Of erased people only what was counted is told: kind, day, money. #}
    case when not owned.is_erased then owned.interaction_id end as interaction_id,
    case when not owned.is_erased then owned.source_customer_id end as source_customer_id,
    case when not owned.is_erased then owned.customer_id end as customer_id,
    case when not owned.is_erased then owned.occurred_at end as occurred_at,
    owned.interaction_date,
    owned.interaction_type,
    owned.channel,
    case when not owned.is_erased then owned.topic end as topic,
    case
        when not owned.is_erased and not owned.is_reference_erased then owned.reference_id
    end as reference_id,
    cast(round(owned.amount * owned.rate, 2) as {{ type_money() }}) as amount,
    owned.score,
    owned.score_max,
    owned.handle_minutes,
    owned.days_late,
    case when not owned.is_erased then owned.severity end as severity,
    case when not owned.is_erased then owned.closed_at end as closed_at,
    case
        when owned.is_erased
        then 'customer_erased'
        when owned.quarantine_reason is not null
        then owned.quarantine_reason
        when
            owned.interaction_type is null
            or owned.interaction_type not in ('{{ interaction_types() | join("', '") }}')
        then 'type_unknown'
        when owned.occurred_at is null
        then 'date_missing'
        when owned.source_customer_id is null
        then 'customer_missing'
        when owned.customer_id is null and owned.interaction_date < as_of_dates.as_of_date
        then 'customer_unknown'
        when owned.amount is not null and owned.rate is null
        then 'rate_missing'
    end as quarantine_reason
from owned
left join as_of_dates on 1 = 1
