{{ config(materialized="view") }}

{%- set correction = var("rfm_ltv_correction") -%}
{%- if correction not in ["none", "backtest"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_ltv_correction is '" ~ correction ~ "': use none or backtest"
        )
    }}
{%- endif -%}

-- depends_on: {{ ref("int_ltv__current_backtest") }}
-- depends_on: {{ ref("fitted_ltv_corrections") }}
{% if correction == "none" %} select * from {{ ref("int_ltv__modelled") }}
{% else %}

    with

        forecasts as (select * from {{ ref("int_ltv__modelled") }}),

        pieces as (

            select corrections.*
            from {{ ref("fitted_ltv_corrections") }} as corrections
            inner join
                {{ ref("int_ltv__current_backtest") }} as current_backtest
                on corrections.run_id = current_backtest.run_id

        ),

        {#- Each piece of the line holds for what is expected in 365 days: orders, or their value, undiscounted. -#}
        yearly as (

            select *, expected_orders_365d * expected_order_value as expected_value_365d
            from forecasts

        ),

        {#- Of whom nothing is expected, nothing is corrected. -#}
        factors as (

            select
                yearly.*
                {%- for measure in ["orders", "value"] %}
                    ,
                    coalesce(
                        {{ measure }}_pieces.slope
                        + {{ measure }}_pieces.intercept
                        / nullif(yearly.expected_{{ measure }}_365d, 0),
                        1
                    ) as {{ measure }}_factor
                {%- endfor %}
            from yearly
            {#- Without a back-test of the model in use there are no pieces, and every factor is 1. -#}
            {% for measure in ["orders", "value"] %}
                left join
                    pieces as {{ measure }}_pieces
                    on {{ measure }}_pieces.measure = '{{ measure }}'
                    and yearly.ltv_method = {{ measure }}_pieces.model
                    and yearly.expected_{{ measure }}_365d >= {{ measure }}_pieces.from_yearly
                    and (
                        yearly.expected_{{ measure }}_365d < {{ measure }}_pieces.until_yearly
                        or {{ measure }}_pieces.until_yearly is null
                    )
            {% endfor %}

        )

    select
        as_of_date,
        customer_id,
        ltv_method,
        profit_amount,
        alive_probability,
        expected_orders_90d * orders_factor as expected_orders_90d,
        expected_orders_365d * orders_factor as expected_orders_365d,
        expected_order_value,
        ltv_12m_amount * value_factor as ltv_12m_amount,
        ltv_36m_amount * value_factor as ltv_36m_amount,
        ltv_residual_amount * value_factor as ltv_residual_amount,
        ltv_lower_amount * value_factor as ltv_lower_amount,
        ltv_upper_amount * value_factor as ltv_upper_amount
    from factors

{% endif %}
