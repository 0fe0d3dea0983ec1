{#- A rate of exchange: decimal, so that money times it is exact. -#}
{% macro type_rate() -%} decimal(18, 8) {%- endmacro %}
