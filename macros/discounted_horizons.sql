{#- Horizons (days, weight) whose weighted sum of G is the value of orders in months 1 .. n, each month
    discounted at its end: the sum of d_m (G(m) - G(m-1)), rearranged so that each G appears once.
    A month is a twelfth of 365 days, so that twelve of them are the 365 days of expected_orders_365d. -#}
{% macro discounted_horizons(months) -%}
    {%- set factors = discount_factors(months) + [0] -%}
    {%- set horizons = [] -%}
    {%- for month in range(1, months + 1) -%}
        {%- do horizons.append((month * 365 / 12, factors[month - 1] - factors[month])) -%}
    {%- endfor -%}
    {{ return(horizons) }}
{%- endmacro %}
