{#- The value of orders in 36 months, each month discounted at its end, is the sum of d_m (G(m) - G(m-1)).
    Rearranged so that each G appears once, it is the sum of (d_m - d_(m+1)) G(m), with d_37 = 0. These are the
    terms of months `first` to `last`, as pairs of days and weight. The value of 12 months has the same terms
    up to month 11, and d_12 G(12). A month is a twelfth of 365 days. -#}
{% macro discounted_horizons(first, last) -%}
    {%- set factors = discount_factors(36) + [0] -%}
    {%- set horizons = [] -%}
    {%- for month in range(first, last + 1) -%}
        {%- do horizons.append((month * 365 / 12, factors[month - 1] - factors[month])) -%}
    {%- endfor -%}
    {{ return(horizons) }}
{%- endmacro %}
