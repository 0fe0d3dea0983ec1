{#- What money at the end of month 1, 2, ... is worth today, at rfm_ltv_annual_discount_rate. -#}
{% macro discount_factors(months) -%}
    {%- set rate = var("rfm_ltv_annual_discount_rate") | float -%}
    {%- if rate < 0 -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_ltv_annual_discount_rate is " ~ rate ~ ": it must be 0 or more"
            )
        }}
    {%- endif -%}
    {%- set factors = [] -%}
    {%- for month in range(1, months + 1) -%}
        {%- do factors.append((1 + rate) ** (-month / 12)) -%}
    {%- endfor -%}
    {{ return(factors) }}
{%- endmacro %}
