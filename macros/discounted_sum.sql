{#- Discounted orders (or days) of one year, of three, or to the end, from columns first_year, next_years and later, which are
    the sums of discount_terms, and the undiscounted ones of 365 and 1095 days. -#}
{% macro discounted_sum(until, of_365d, of_1095d) -%}
    {%- set first_end, first_on = discount_ends(1) -%}
    {%- set third_end, third_on = discount_ends(3) -%}
    {%- if until == "12m" -%} first_year + {{ double_literal(first_end) }} * {{ of_365d }}
    {%- else -%}
        first_year
        + {{ double_literal(first_on) }} * {{ of_365d }}
        + next_years
        + {{ double_literal(third_end if until == "36m" else third_on) }} * {{ of_1095d }}
        {%- if until != "36m" %} + later
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
