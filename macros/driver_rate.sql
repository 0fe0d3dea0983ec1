{#- The rate of a driver for a statement line, or the count of its activities without a rate, from rows of
    int_profit__driver_rates grouped by source and day. -#}
{% macro driver_rate(driver, line, column="rate_amount") -%}
    sum({{ column }}) filter (where driver = '{{ driver }}' and statement_line = '{{ line }}')
{%- endmacro %}
