{{ config(enabled=offers_entity("customers")) }}

{%- set unit = var("rfm_customer_unit") -%}
{%- if unit not in ["person", "account"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_customer_unit is '" ~ unit ~ "': use person or account"
        )
    }}
{%- endif -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }}),

    {#- The account of a contact is a company with a customer id of its own. -#}
    accounts as (

        select records.record_id, customer_ids.customer_id as account_id
        from records
        inner join customer_ids on records.account_record_id = customer_ids.record_id

    ),

    {#- A person known to one account orders for it wherever the record has no account; one of two accounts does
        so for neither. -#}
    only_accounts as (

        select customer_ids.customer_id, min({{ byte_order("accounts.account_id") }}) as account_id
        from accounts
        inner join customer_ids on accounts.record_id = customer_ids.record_id
        group by customer_ids.customer_id
        having min(accounts.account_id) = max(accounts.account_id)

    )

select
    records.record_id,
    records.source_name,
    records.source_record_id,
    records.entity_type,
    customer_ids.customer_id as resolved_customer_id,
    coalesce(accounts.account_id, only_accounts.account_id) as account_id,
    {% if unit == "account" -%}
        coalesce(accounts.account_id, only_accounts.account_id, customer_ids.customer_id)
    {%- else -%} customer_ids.customer_id
    {%- endif %} as customer_id,
    records.created_at
from records
inner join customer_ids on records.record_id = customer_ids.record_id
left join accounts on records.record_id = accounts.record_id
left join only_accounts on customer_ids.customer_id = only_accounts.customer_id
