{#- A rate of exchange, or a cost of a piece with parts of a cent: decimal, so that money times it is exact. One digit
    more than money has: DuckDB multiplies two decimals of 18 digits in 18 digits, which great amounts overflow. -#}
{% macro type_rate() -%} decimal(19, 8) {%- endmacro %}
