{#- Why a customer is not a candidate: what people said, and what the data show. Whether a reason counts is decided
    in excluded_customers. -#}
{%- set has_records = offers_entity("customers") -%}
{%- set minimum_age = var("rfm_best_minimum_age") | int -%}

with

    seed as (select * from {{ ref("customer_exclusions") }}),

    customers as (select customer_id, birth_date from {{ ref("customers") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- A customer may be named by their id, an earlier id or a record of theirs. -#}
    names as (

        select customer_id, customer_id as name
        from customers
        {% if has_records %}
            union
            select customer_id, record_id
            from {{ ref("int_customers__of_records") }}
            union
            select customer_id, old_customer_id
            from {{ ref("customer_id_redirects") }}
        {% endif %}

    ),

    told as (

        select
            names.customer_id,
            seed.reason,
            coalesce(trim(seed.reason_text), 'named in seeds/customer_exclusions.csv') as evidence
        from seed
        inner join names on trim(seed.customer_or_record_id) = names.name
        cross join as_of_dates
        where
            coalesce(seed.valid_from_date < as_of_dates.as_of_date, true)
            and coalesce(
                seed.valid_to_date
                >= cast({{ dbt.dateadd("day", -1, "as_of_dates.as_of_date") }} as date),
                true
            )

    ),

    under_age as (

        select
            customers.customer_id,
            'under_age' as reason,
            'younger than {{ minimum_age }} by the birth date' as evidence
        from customers
        inner join
            as_of_dates
            on as_of_dates.as_of_date
            < cast({{ dbt.dateadd("year", minimum_age, "customers.birth_date") }} as date)

    )

select customer_id, reason, evidence, 1 as evidence_rank
from told
union all
select customer_id, reason, evidence, 2
from under_age
{%- if offers_entity("payments") %}
    union all
    select customer_id, reason, evidence, 2
    from {{ ref("int_value__payment_exclusions") }}
{%- endif %}
{%- if has_records and offers_entity("consents") %}
    union all
    select customer_id, reason, evidence, 2
    from {{ ref("int_value__consent_exclusions") }}
{%- endif %}
