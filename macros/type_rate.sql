{#- A rate of exchange, or a cost of a piece with parts of a cent: decimal, so that money times it is exact. -#}
{% macro type_rate() -%} decimal(18, 8) {%- endmacro %}
