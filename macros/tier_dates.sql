{#- How many as-of dates before the current one hold a customer in a better tier: 0 when falls count at once. -#}
{% macro tier_dates() -%}
    {%- set delay = var("rfm_profit_tier_delay") -%}
    {%- if delay is not integer or delay < 1 -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_profit_tier_delay is '"
                ~ delay
                ~ "': give the number of as-of dates, 1 or more"
            )
        }}
    {%- endif -%}
    {{ return(delay - 1) }}
{%- endmacro %}
