{#- The integral of f(t) G(t) from `start` to `end` as pairs of t and weight, G to be looked up at t: Gauss-Legendre in
    ln(t + offset), where what is expected of customers is smooth. `factors` are f at rate_base ** -t. -#}
{% macro log_spaced_terms(start, end, rate_base, scale, offset=0) -%}
    {%- set ratio = (end + offset) / (start + offset) -%}
    {%- set length = natural_logarithm(ratio) -%}
    {%- set terms = [] -%}
    {%- for node, weight in gauss_legendre_nodes() -%}
        {%- set shifted = (start + offset) * ratio**node -%}
        {%- set time = shifted - offset -%}
        {%- do terms.append((time, length * weight * shifted * scale * rate_base**-time)) -%}
    {%- endfor -%}
    {{ return(terms) }}
{%- endmacro %}
