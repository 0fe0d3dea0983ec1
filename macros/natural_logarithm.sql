{#- The logarithm of a number above 0 while compiling: Jinja has powers only. Halley's method. -#}
{% macro natural_logarithm(number) -%}
    {%- set found = namespace(value=0.0) -%}
    {%- for _ in range(60) -%}
        {%- set power = 2.718281828459045**found.value -%}
        {%- set found.value = found.value + 2 * (number - power) / (number + power) -%}
    {%- endfor -%}
    {{ return(found.value) }}
{%- endmacro %}
