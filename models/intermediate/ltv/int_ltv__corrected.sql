{{ config(materialized="view") }}

{%- set correction = var("rfm_ltv_correction") -%}
{%- if correction not in ["none", "backtest"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_ltv_correction is '" ~ correction ~ "': use none or backtest"
        )
    }}
{%- endif -%}

with

    {% if correction == "backtest" %}
        forecasts as (select * from {{ ref("int_ltv__modelled") }}),

        pieces as (select * from {{ ref("fitted_ltv_corrections") }}),

        current_backtest as (select * from {{ ref("int_ltv__current_backtest") }}),

        {#- Of a customer who is expected to bring nothing, nothing is corrected. -#}
        factors as (

            select
                forecasts.*
                {%- for measure in ["orders", "value"] %}
                    ,
                    coalesce(
                        {{ measure }}_pieces.intercept
                        / nullif({{ yearly(measure) }}, 0)
                        + {{ measure }}_pieces.slope,
                        1
                    ) as {{ measure }}_factor
                {%- endfor %}
            from forecasts
        )
    {% endif %}
