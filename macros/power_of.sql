{#- A positive double to the power of a negative one. PostgreSQL calls a result too small for a double an error;
    elsewhere it is 0. -#}
{% macro power_of(base, exponent) -%}
    {{ return(adapter.dispatch("power_of", "rfm")(base, exponent)) }}
{%- endmacro %}

{% macro default__power_of(base, exponent) -%} power({{ base }}, {{ exponent }}) {%- endmacro %}

{% macro postgres__power_of(base, exponent) -%}
    case
        when ({{ exponent }}) * ln({{ base }}) < -700 then 0 else power({{ base }}, {{ exponent }})
    end
{%- endmacro %}
