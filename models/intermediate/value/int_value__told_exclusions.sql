{#- A customer may be named by their id, a record of theirs or an earlier id. -#}
{%- set has_records = offers_entity("customers") -%}

with

    seed as (select * from {{ ref("customer_exclusions") }}),

    customers as (select customer_id from {{ ref("customers") }}),

    {% if has_records %}
        records as (select record_id, customer_id from {{ ref("int_customers__of_records") }}),

        redirects as (select old_customer_id, customer_id from {{ ref("customer_id_redirects") }}),
    {% endif %}

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current)

select
    trim(seed.customer_or_record_id) as customer_or_record_id,
    {% if has_records -%}
        coalesce(customers.customer_id, records.customer_id, redirects.customer_id)
    {%- else -%} customers.customer_id
    {%- endif %} as customer_id,
    trim(seed.reason) as reason,
    coalesce(trim(seed.reason_text), 'named in seeds/customer_exclusions.csv') as evidence,
    {# The last day before the as-of date is the one that counts. #}
    coalesce(seed.valid_from_date < as_of_dates.as_of_date, true)
    and coalesce(
        seed.valid_to_date >= cast({{ dbt.dateadd("day", -1, "as_of_dates.as_of_date") }} as date),
        true
    ) as is_valid
from seed
cross join as_of_dates
left join customers on trim(seed.customer_or_record_id) = customers.customer_id
{% if has_records %}
    left join records on trim(seed.customer_or_record_id) = records.record_id
    left join redirects on trim(seed.customer_or_record_id) = redirects.old_customer_id
{% endif %}
