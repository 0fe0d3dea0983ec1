{#- The weights of G at the end of a year, beside discount_terms: (where the sum ends there, where it goes on). -#}
{% macro discount_ends(year) -%}
    {%- set rate = discount_rate() -%}
    {%- set end = (1 + rate) ** -year -%}
    {{ return((end, end * (1 - (1 + rate) ** (-1 / 12)) if is_discounted_monthly() else 0)) }}
{%- endmacro %}
