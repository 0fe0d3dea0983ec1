{{ config(enabled=has_costs() and offers_entity("shipping_costs")) }}

{%- set has_rates = var("rfm_currency") and is_consolidating() -%}

with

    parcels as (

        {{
            union_sources(
                "shipping_costs",
                ["order_id", "carrier", "amount", "currency", "quarantine_reason"],
            )
        }}

    ),

    order_rows as (

        select *
        from {{ ref("int_orders__judged") }}
        where entity = 'orders' and order_id is not null

    ),

    {#- Carriers know the number of the order, not which system gave it. -#}
    numbers as (

        select
            order_id,
            bool_or(quarantine_reason is null) as is_usable,
            {%- for column in ["source_name", "customer_id", "currency"] %}
                min({{ byte_order(column) }}) filter (
                    where quarantine_reason is null
                ) as {{ column }},
                max({{ byte_order(column) }}) filter (
                    where quarantine_reason is null
                ) as other_{{ column }},
            {%- endfor %}
            min(order_date) filter (where quarantine_reason is null) as order_date
        from order_rows
        group by order_id

    ),

    erased_orders as (select distinct order_id from {{ ref("int_orders__erased") }})
    {%- if has_rates -%}, rates as (select * from {{ ref("int_money__rates") }}) {%- endif %}

select
    parcels.source_name,
    case when erased_orders.order_id is null then parcels.order_id end as order_id,
    numbers.source_name as order_source_name,
    numbers.customer_id,
    numbers.currency as order_currency,
    numbers.order_date,
    cast(
        round(
            cast(parcels.amount as decimal(19, 2)) * {{ reporting_rate("parcels.currency") }}, 2
        ) as {{ type_money() }}
    ) as amount,
    case
        when erased_orders.order_id is not null
        then 'customer_erased'
        when parcels.quarantine_reason is not null
        then parcels.quarantine_reason
        when numbers.order_id is null
        then 'order_unknown'
        when not numbers.is_usable
        then 'order_left_out'
        when numbers.source_name <> numbers.other_source_name
        then 'order_of_several_sources'
        when
            numbers.customer_id <> numbers.other_customer_id
            or numbers.currency <> numbers.other_currency
        then 'order_of_several_customers'
        {% if has_rates %}
            when
                {{ reporting_rate("parcels.currency") }} is null
                and not coalesce(rates.is_known_currency, false)
            then 'currency_unknown'
            when {{ reporting_rate("parcels.currency") }} is null
            then 'rate_missing'
        {% endif %}
    end as quarantine_reason
from parcels
left join numbers on parcels.order_id = numbers.order_id
left join erased_orders on parcels.order_id = erased_orders.order_id
{% if has_rates %}
    left join rates on parcels.currency = rates.currency and numbers.order_date = rates.rate_date
{% endif %}
