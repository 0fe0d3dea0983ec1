{#- True when a system other than the one file or table of orders is registered: then rows of orders are judged
    together (customers, currencies, refunds, sales told twice). Orders alone need none of it and pay nothing. -#}
{% macro is_consolidating() -%}
    {{ return(var("rfm_sources").keys() | reject("in", ["file", "table"]) | list | length > 0) }}
{%- endmacro %}
