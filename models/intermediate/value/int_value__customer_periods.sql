{#- Two periods of rfm_value_lever_days, the later one ending the day before the as-of date. -#}
{%- set days = var("rfm_value_lever_days") | int -%}
{%- if days < 1 -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_value_lever_days is " ~ var("rfm_value_lever_days") ~ ": it must be 1 or more"
        )
    }}
{%- endif -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    customer_days as (select * from {{ ref("int_value__customer_days") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    periods as (

        select
            cast({{ dbt.dateadd("day", -days, "as_of_date") }} as date) as start_date,
            cast({{ dbt.dateadd("day", -2 * days, "as_of_date") }} as date) as previous_start_date
        from as_of_dates

    ),

    {#- As scores count: without order ids, an order is a day with orders. -#}
    order_days as (

        select
            customer_id,
            order_date as movement_date,
            count(*) filter (where has_order_id)
            + max(case when has_order_id then 0 else 1 end) as order_count
        from orders
        where not is_refund_only
        group by customer_id, order_date

    ),

    {#- Discounts are null where nobody knows them. -#}
    movements as (

        select
            customer_id,
            movement_date,
            0 as order_count,
            revenue_amount,
            profit_amount,
            discount_amount
        from customer_days
        union all
        select customer_id, movement_date, order_count, 0, 0, null
        from order_days

    )

select
    movements.customer_id,
    {%- for prefix, is_within in [
        ("", "movements.movement_date >= periods.start_date"),
        ("previous_", "movements.movement_date < periods.start_date"),
    ] %}
        cast(
            sum(
                case when {{ is_within }} then movements.order_count else 0 end
            ) as {{ dbt.type_bigint() }}
        ) as {{ prefix }}order_count,
        {%- for column in ["revenue_amount", "profit_amount"] %}
            cast(
                sum(
                    case when {{ is_within }} then movements.{{ column }} else 0 end
                ) as {{ type_money() }}
            ) as {{ prefix }}{{ column }},
        {%- endfor %}
    {%- endfor %}
    cast(
        sum(
            case
                when movements.movement_date >= periods.start_date then movements.discount_amount
            end
        ) as {{ type_money() }}
    ) as discount_amount
from movements
inner join periods on movements.movement_date >= periods.previous_start_date
group by movements.customer_id
