{#- e to the power of a number, where what is next to nothing counts as nothing: PostgreSQL calls a result too small for a
    double an error. -#}
{% macro exp_above_zero(exponent) -%}
    case when {{ exponent }} < -300 then 0 else exp({{ exponent }}) end
{%- endmacro %}
