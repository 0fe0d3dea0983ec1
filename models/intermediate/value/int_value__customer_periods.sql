{#- Two periods of rfm_value_lever_days, the later one ending the day before the as-of date. Discounts are null where
    nobody knows them. -#}
{%- set days = var("rfm_value_lever_days") | int -%}
{%- if days < 1 -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_value_lever_days is " ~ var("rfm_value_lever_days") ~ ": it must be 1 or more"
        )
    }}
{%- endif -%}

with

    customer_days as (select * from {{ ref("int_value__customer_days") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    periods as (

        select
            cast({{ dbt.dateadd("day", -days, "as_of_date") }} as date) as start_date,
            cast({{ dbt.dateadd("day", -2 * days, "as_of_date") }} as date) as previous_start_date
        from as_of_dates

    )

select
    customer_days.customer_id,
    {%- for prefix, is_within in [
        ("", "customer_days.movement_date >= periods.start_date"),
        ("previous_", "customer_days.movement_date < periods.start_date"),
    ] %}
        cast(
            sum(
                case when {{ is_within }} then customer_days.order_count else 0 end
            ) as {{ dbt.type_bigint() }}
        ) as {{ prefix }}order_count,
        {%- for column in ["revenue_amount", "profit_amount"] %}
            cast(
                sum(
                    case when {{ is_within }} then customer_days.{{ column }} else 0 end
                ) as {{ type_money() }}
            ) as {{ prefix }}{{ column }},
        {%- endfor %}
    {%- endfor %}
    cast(
        sum(
            case
                when customer_days.movement_date >= periods.start_date
                then customer_days.discount_amount
            end
        ) as {{ type_money() }}
    ) as discount_amount
from customer_days
inner join periods on customer_days.movement_date >= periods.previous_start_date
group by customer_days.customer_id
