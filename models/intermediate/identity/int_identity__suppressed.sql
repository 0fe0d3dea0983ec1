{{ config(enabled=offers_entity("customers")) }}

with

    identifiers as (select * from {{ ref("int_identity__identifiers") }}),

    records as (
        select record_id, email, email_hash, family_name_key, company_name_key
        from {{ ref("int_identity__records") }}
    ),

    junk_identifiers as (select * from {{ ref("junk_identifiers") }}),

    values_used as (

        select
            identifiers.identifier_type,
            identifiers.identifier_value,
            count(*) as record_count,
            count(
                distinct coalesce(records.family_name_key, records.company_name_key)
            ) as family_name_count
        from identifiers
        inner join records on identifiers.record_id = records.record_id
        group by identifiers.identifier_type, identifiers.identifier_value

    ),

    {# A pattern is a value, name@* or *@domain: each is found by an equality. #}
    judged as (

        select
            values_used.identifier_type,
            values_used.identifier_value,
            case
                when whole.reason is not null
                then whole.reason
                when mailbox.reason is not null
                then mailbox.reason
                when domain.reason is not null
                then domain.reason
                when
                    values_used.family_name_count > {{ var("rfm_identity_max_family_names") }}
                    or values_used.record_count > {{ var("rfm_identity_max_records") }}
                then 'over_degree_cap'
            end as suppression_reason,
            values_used.record_count,
            values_used.family_name_count
        from values_used
        left join
            junk_identifiers as whole
            on values_used.identifier_type = whole.identifier_type
            and values_used.identifier_value = whole.pattern
        left join
            junk_identifiers as mailbox
            on values_used.identifier_type = mailbox.identifier_type
            and mailbox.pattern = case
                when values_used.identifier_type = 'email'
                then {{ replace_pattern("values_used.identifier_value", "@.*$", "@*") }}
            end
        left join
            junk_identifiers as domain
            on values_used.identifier_type = domain.identifier_type
            and domain.pattern = case
                when values_used.identifier_type = 'email'
                then {{ replace_pattern("values_used.identifier_value", "^.*@", "*@") }}
            end

    ),

    suppressed as (select * from judged where suppression_reason is not null),

    {# The hash of a suppressed address says as little as the address. #}
    hashes as (

        select distinct records.email_hash, suppressed.suppression_reason
        from records
        inner join
            suppressed
            on records.email = suppressed.identifier_value
            and suppressed.identifier_type = 'email'

    )

select
    identifier_type,
    identifier_value,
    cast(suppression_reason as {{ dbt.type_string() }}) as suppression_reason,
    cast(record_count as {{ dbt.type_bigint() }}) as record_count,
    cast(family_name_count as {{ dbt.type_bigint() }}) as family_name_count
from suppressed
union all
select
    judged.identifier_type,
    judged.identifier_value,
    cast(hashes.suppression_reason as {{ dbt.type_string() }}),
    cast(judged.record_count as {{ dbt.type_bigint() }}),
    cast(judged.family_name_count as {{ dbt.type_bigint() }})
from judged
inner join hashes on judged.identifier_value = hashes.email_hash
where judged.identifier_type = 'email_hash' and judged.suppression_reason is null
