{%- set reasons = [
    "employee",
    "test",
    "reseller",
    "fraud",
    "bad_debt",
    "deceased",
    "under_age",
    "legal_hold",
    "chargeback",
    "unpaid",
    "consent_withdrawn",
] -%}
{%- for reason in var("rfm_best_exclusions") if reason not in reasons -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_best_exclusions names '" ~ reason ~ "': use " ~ reasons | join(", ")
        )
    }}
{%- endfor -%}

with

    exclusions as (select * from {{ ref("int_value__exclusions") }}),

    customers as (select customer_id from {{ ref("customers") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- What people said goes before what the data show. -#}
    ranked as (

        select
            exclusions.customer_id,
            exclusions.reason,
            exclusions.evidence,
            row_number() over (
                partition by exclusions.customer_id, exclusions.reason
                order by exclusions.evidence_rank, {{ byte_order("exclusions.evidence") }}
            ) as evidence_number
        from exclusions
        inner join customers on exclusions.customer_id = customers.customer_id
        where exclusions.reason in ('{{ var("rfm_best_exclusions") | join("', '") }}')

    )

select
    as_of_dates.as_of_date,
    ranked.customer_id,
    cast(ranked.reason as {{ dbt.type_string() }}) as reason,
    cast(ranked.evidence as {{ dbt.type_string() }}) as evidence
from ranked
cross join as_of_dates
where ranked.evidence_number = 1
