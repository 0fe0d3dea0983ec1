{{ config(enabled=offers_entity("customers")) }}

{#- Whom a system of ours or of a partner knows, whether they ever ordered or not. People that only a bought list
    names are not customers. -#}
with

    records as (select * from {{ ref("int_customers__of_records") }}),

    register as (select * from {{ ref("source_register") }})

select
    records.customer_id,
    {# A person of two accounts belongs to neither. #}
    case
        when min(records.account_id) = max(records.account_id)
        then min({{ byte_order("records.account_id") }})
    end as account_id,
    {# A company and its contacts are one customer when accounts are scored. #}
    min(records.entity_type) filter (
        where records.resolved_customer_id = records.customer_id
    ) as entity_type,
    cast({{ to_reporting_date("min(records.created_at)") }} as date) as first_record_date,
    count(distinct records.source_name) as source_count,
    count(*) as record_count
from records
left join register on records.source_name = register.source_name
group by records.customer_id
having count(*) filter (where coalesce(register.source_kind, 'own') <> 'syndicated') > 0
