{#- The yearly discount rate, checked. -#}
{% macro discount_rate() -%}
    {%- set rate = var("rfm_ltv_annual_discount_rate") | float -%}
    {%- if rate < 0 -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_ltv_annual_discount_rate is " ~ rate ~ ": it must be 0 or more"
            )
        }}
    {%- endif -%}
    {{ return(rate) }}
{%- endmacro %}
