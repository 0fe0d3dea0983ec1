{{ config(enabled=has_costs() and offers_entity("payments")) }}

{%- set lines = order_cost_lines() -%}

with

    payments as (

        select *
        from {{ ref("int_interactions__judged") }}
        where entity = 'payments' and quarantine_reason is null

    ),

    order_rows as (

        select *
        from {{ ref("int_orders__judged") }}
        where entity = 'orders' and order_id is not null

    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- An invoice that bills an order of another system is paid for that order. -#}
    told_elsewhere as (

        select
            source_name,
            order_id,
            min({{ byte_order("same_sale_source") }}) as same_sale_source,
            min({{ byte_order("same_sale_order_id") }}) as same_sale_order_id
        from order_rows
        where quarantine_reason = 'same_sale_elsewhere'
        group by source_name, order_id

    ),

    of_orders as (

        select
            payments.source_name as payment_source_name,
            coalesce(told_elsewhere.same_sale_source, payments.source_name) as source_name,
            coalesce(told_elsewhere.same_sale_order_id, payments.reference_id) as order_id,
            payments.interaction_date as movement_date,
            count(*) filter (where payments.topic = 'paid') as payment_count,
            -1 * sum(payments.amount) filter (
                where payments.topic = 'charged_back'
            ) as chargebacks_amount
        from payments
        inner join as_of_dates on payments.interaction_date < as_of_dates.as_of_date
        left join
            told_elsewhere
            on payments.source_name = told_elsewhere.source_name
            and payments.reference_id = told_elsewhere.order_id
        where payments.topic in ('paid', 'charged_back')
        group by
            payments.source_name,
            coalesce(told_elsewhere.same_sale_source, payments.source_name),
            coalesce(told_elsewhere.same_sale_order_id, payments.reference_id),
            payments.interaction_date

    ),

    {#- Whose the order is; one of several customers, or in several currencies, is nobody's. -#}
    owners as (

        select
            order_rows.source_name,
            order_rows.order_id,
            min({{ byte_order("order_rows.customer_id") }}) as customer_id,
            min({{ byte_order("order_rows.currency") }}) as currency
        from order_rows
        inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date
        where order_rows.quarantine_reason is null
        group by order_rows.source_name, order_rows.order_id
        having
            min(order_rows.customer_id) = max(order_rows.customer_id)
            and coalesce(min(order_rows.currency), '') = coalesce(max(order_rows.currency), '')

    ),

    driver_rates as (

        select
            source_name,
            rate_date,
            {%- for line in lines %}
                {{ driver_rate("payment", line ~ "_cost") }} as {{ line }}_rate,
                {{ driver_rate("payment", line ~ "_cost", "missing_count") }}
                as {{ line }}_missing {{ "," if not loop.last }}
            {%- endfor %}
        from {{ ref("int_profit__driver_rates") }}
        where driver = 'payment'
        group by source_name, rate_date

    )

select
    of_orders.source_name,
    owners.customer_id,
    of_orders.order_id,
    owners.currency,
    of_orders.payment_source_name,
    of_orders.movement_date,
    cast(of_orders.payment_count as {{ dbt.type_int() }}) as payment_count,
    cast(of_orders.chargebacks_amount as {{ type_money() }}) as chargebacks_amount
    {%- for line in lines %}
        ,
        {{ price_count("nullif(of_orders.payment_count, 0)", "driver_rates." ~ line ~ "_rate") }}
        as {{ line }}_activities_amount,
        cast(
            of_orders.payment_count
            * coalesce(driver_rates.{{ line }}_missing, 0) as {{ dbt.type_int() }}
        ) as {{ line }}_missing_count
    {%- endfor %}
from of_orders
inner join
    owners on of_orders.source_name = owners.source_name and of_orders.order_id = owners.order_id
left join
    driver_rates
    on of_orders.payment_source_name = driver_rates.source_name
    and of_orders.movement_date = driver_rates.rate_date
