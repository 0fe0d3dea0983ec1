{#- Why a customer is not a candidate: what people said, and what the data show. Whether a reason counts is decided
    in excluded_customers. -#}
{%- set minimum_age = var("rfm_best_minimum_age") | int -%}

with

    told as (select * from {{ ref("int_value__told_exclusions") }} where is_valid),

    customers as (select customer_id, birth_date from {{ ref("customers") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

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
where customer_id is not null
union all
select customer_id, reason, evidence, 2
from under_age
{%- if offers_entity("payments") %}
    union all
    select customer_id, reason, evidence, 2
    from {{ ref("int_value__payment_exclusions") }}
{%- endif %}
{%- if offers_entity("customers") and offers_entity("consents") %}
    union all
    select customer_id, reason, evidence, 2
    from {{ ref("int_value__consent_exclusions") }}
{%- endif %}
