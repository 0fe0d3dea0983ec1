with

    modelled as (select * from {{ ref("int_ltv__modelled") }}),

    baseline as (select * from {{ ref("int_ltv__baseline") }}),

    forecasts as (

        select *
        from modelled
        union all
        select *
        from baseline

    )

select
    as_of_date,
    customer_id,
    cast(ltv_method as {{ dbt.type_string() }}) as ltv_method,
    cast(alive_probability as {{ type_double() }}) as alive_probability,
    cast(expected_orders_90d as {{ type_double() }}) as expected_orders_90d,
    cast(expected_orders_365d as {{ type_double() }}) as expected_orders_365d,
    cast(expected_order_value as {{ type_double() }}) as expected_order_value,
    {{ double_to_money("ltv_12m_amount") }} as ltv_12m_amount,
    {{ double_to_money("ltv_36m_amount") }} as ltv_36m_amount,
    {{ double_to_money("ltv_lower_amount") }} as ltv_lower_amount,
    {{ double_to_money("ltv_upper_amount") }} as ltv_upper_amount
from forecasts
