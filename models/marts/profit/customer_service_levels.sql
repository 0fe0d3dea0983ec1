{{ config(enabled=has_costs()) }}

{#- No tier takes away what the law grants: rfm_service_minimum_return_days. -#}
with

    customer_profit as (

        select as_of_date, customer_id, profit_tier, is_profit_tier_held
        from {{ ref("customer_profit") }}
        where profit_tier is not null

    ),

    service_levels as (select * from {{ ref("service_levels") }})

select
    customer_profit.as_of_date,
    customer_profit.customer_id,
    customer_profit.profit_tier,
    customer_profit.is_profit_tier_held,
    cast(service_levels.response_hours as {{ dbt.type_int() }}) as response_hours,
    cast(service_levels.contact as {{ dbt.type_string() }}) as contact,
    cast(service_levels.call_queue as {{ dbt.type_string() }}) as call_queue,
    cast(
        greatest(
            service_levels.return_days, {{ var("rfm_service_minimum_return_days") | int }}
        ) as {{ dbt.type_int() }}
    ) as return_days,
    cast(
        service_levels.free_shipping_from_amount as {{ type_money() }}
    ) as free_shipping_from_amount
from customer_profit
left join service_levels on customer_profit.profit_tier = service_levels.profit_tier
