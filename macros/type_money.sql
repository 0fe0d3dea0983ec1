{#- Money is decimal, to the cent, in one currency. -#}
{% macro type_money() -%} decimal(18, 2) {%- endmacro %}
