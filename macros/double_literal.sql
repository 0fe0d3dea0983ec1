{#- DuckDB reads 1.23 as a decimal, which can overflow, and 1.23e0 as a double; PostgreSQL reads either as a
    decimal. -#}
{% macro double_literal(number) -%}
    cast({{ "%.17e" | format(number | float) }} as {{ type_double() }})
{%- endmacro %}
