{{ config(enabled=has_costs()) }}

{%- set lines = order_cost_lines() -%}

with

    order_rows as (select * from {{ ref("int_orders__judged") }} where quarantine_reason is null),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- A refund is a row of refunds, or goods brought back: a row of orders with negative money. -#}
    refunds as (

        select
            order_rows.source_name,
            order_rows.customer_id,
            coalesce(
                order_rows.order_id,
                order_rows.customer_id
                || '@'
                || cast(order_rows.ordered_at as {{ dbt.type_string() }})
            ) as order_id,
            {{
                (
                    "order_rows.currency"
                    if is_consolidating()
                    else "cast(null as " ~ dbt.type_string() ~ ")"
                )
            }} as currency,
            order_rows.order_date as movement_date,
            {% if is_consolidating() and offers_entity("refunds") -%} order_rows.restock_cost_amount
            {%- else -%} cast(null as {{ type_money() }})
            {%- endif %} as restocking_amount
        from order_rows
        inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date
        where
            order_rows.amount < 0
            {% if is_consolidating() %} or order_rows.entity = 'refunds' {% endif %}

    ),

    driver_rates as (

        select
            source_name,
            rate_date,
            {%- for line in lines %}
                {{ driver_rate("refund", line ~ "_cost") }} as {{ line }}_rate,
                {{ driver_rate("refund", line ~ "_cost", "missing_count") }}
                as {{ line }}_missing {{ "," if not loop.last }}
            {%- endfor %}
        from {{ ref("int_profit__driver_rates") }}
        where driver = 'refund'
        group by source_name, rate_date

    ),

    counted as (

        select
            source_name,
            customer_id,
            order_id,
            currency,
            movement_date,
            count(*) as refund_count,
            sum(restocking_amount) as restocking_amount
        from refunds
        group by source_name, customer_id, order_id, currency, movement_date

    )

select
    counted.source_name,
    counted.customer_id,
    counted.order_id,
    counted.currency,
    counted.movement_date,
    cast(counted.refund_count as {{ dbt.type_int() }}) as refund_count,
    cast(counted.restocking_amount as {{ type_money() }}) as restocking_amount
    {%- for line in lines %}
        ,
        {{ price_count("counted.refund_count", "driver_rates." ~ line ~ "_rate") }}
        as {{ line }}_activities_amount,
        cast(
            counted.refund_count
            * coalesce(driver_rates.{{ line }}_missing, 0) as {{ dbt.type_int() }}
        ) as {{ line }}_missing_count
    {%- endfor %}
from counted
left join
    driver_rates
    on counted.source_name = driver_rates.source_name
    and counted.movement_date = driver_rates.rate_date
