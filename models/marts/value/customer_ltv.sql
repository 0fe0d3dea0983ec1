with

    forecasts as (select * from {{ ref("int_ltv__forecasts") }}),

    {% if may_use_margins() %}
        measures as (select profit_measure from {{ ref("int_profit__measure") }}),

        margin_rates as (select * from {{ ref("int_ltv__margin_rates") }}),
    {% endif %}

    {#- Orders are forecast, and what is spent on them; of that a customer leaves their margin. -#}
    valued as (

        select
            forecasts.*,
            {% if may_use_margins() -%} margin_rates.margin_rate, measures.profit_measure
            {%- else -%} 1 as margin_rate, 'net_revenue' as profit_measure
            {%- endif %}
        from forecasts
        {% if may_use_margins() %}
            inner join margin_rates on forecasts.customer_id = margin_rates.customer_id
            cross join measures
        {% endif %}

    )

select
    as_of_date,
    customer_id,
    cast(ltv_method as {{ dbt.type_string() }}) as ltv_method,
    cast(profit_measure as {{ dbt.type_string() }}) as monetary_measure,
    cast(alive_probability as {{ type_double() }}) as alive_probability,
    cast(expected_orders_90d as {{ type_double() }}) as expected_orders_90d,
    cast(expected_orders_365d as {{ type_double() }}) as expected_orders_365d,
    cast(expected_order_value as {{ type_double() }}) as expected_order_value,
    cast(margin_rate as {{ type_double() }}) as margin_rate,
    {{ double_to_money("ltv_12m_amount * margin_rate") }} as ltv_12m_amount,
    {{ double_to_money("ltv_36m_amount * margin_rate") }} as ltv_36m_amount,
    {#- Of a customer who loses money the most orders are the worst. -#}
    {{
        double_to_money(
            "case when margin_rate < 0 then ltv_upper_amount else ltv_lower_amount end * margin_rate"
        )
    }}
    as ltv_lower_amount,
    {{
        double_to_money(
            "case when margin_rate < 0 then ltv_lower_amount else ltv_upper_amount end * margin_rate"
        )
    }}
    as ltv_upper_amount,
    {{ double_to_money("ltv_residual_amount * margin_rate") }} as ltv_residual_amount,
    cast(
        profit_amount
        + {{ double_to_money("ltv_residual_amount * margin_rate") }} as {{ type_money() }}
    ) as ltv_total_amount,
    cast(ltv_residual_reason as {{ dbt.type_string() }}) as ltv_residual_reason
from valued
