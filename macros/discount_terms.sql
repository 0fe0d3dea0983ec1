{#- Orders expected in a span of time, discounted, as pairs of days t and weight of G(t), the orders in the next t days. The
    ends of the first and of the third year are not among them (discount_ends). Spans: first_year, next_years (the
    second and third), later (all after these, see residual_is_known).

    Monthly: each month's orders count as at its end, the sum of d_m (G(m) - G(m-1)) over months of 365/12 days. Rearranged so
    that each G appears once it is the sum of (d_m - d_(m+1)) G(m). From month 37 on the sum is an integral from 36.5 with two
    terms of Euler and Maclaurin (midpoint rule), whose derivatives are differences of months 35 to 38.
    Continuous: the integral of e^(-delta t) dG(t), by parts that of delta e^(-delta t) G(t) dt.
    Either is off by less than 2e-9 of the whole (docs/lifetime-value.md). -#}
{% macro discount_terms(span) -%}
    {%- set rate = discount_rate() -%}
    {%- set fall = 40 -%}  {# what is discounted by e^-40 is left out #}
    {%- set terms = [] -%}
    {%- if not is_discounted_monthly() -%}
        {%- set delta = natural_logarithm(1 + rate) / 365 -%}
        {%- set base = (1 + rate) ** (1 / 365) -%}
        {%- if span == "first_year" -%}
            {{ return(log_spaced_terms(0, 365, base, delta, offset=0.01)) }}
        {%- elif span == "next_years" -%} {{ return(log_spaced_terms(365, 1095, base, delta)) }}
        {%- else -%} {{ return(log_spaced_terms(1095, 1095 + fall / delta, base, delta)) }}
        {%- endif -%}
    {%- endif -%}
    {%- set base = (1 + rate) ** (1 / 12) -%}
    {%- set step = 1 - 1 / base -%}
    {%- set months = {"first_year": range(1, 12), "next_years": range(13, 36), "later": []} -%}
    {%- for month in months[span] -%}
        {%- do terms.append((month * 365 / 12, step * base**-month)) -%}
    {%- endfor -%}
    {%- if span == "later" -%}
        {%- set longest = 36.5 + fall / natural_logarithm(base) -%}
        {%- for month, weight in log_spaced_terms(36.5, longest, base, step) -%}
            {%- do terms.append((month * 365 / 12, weight)) -%}
        {%- endfor -%}
        {%- set first, third = 1 / 24, 17 / 5760 -%}
        {%- for month, weight in [
            (35, third),
            (36, -first - 3 * third),
            (37, first + 3 * third),
            (38, -third),
        ] -%}
            {%- do terms.append((month * 365 / 12, weight * step * base**-month)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(terms) }}
{%- endmacro %}
