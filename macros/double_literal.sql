{#- DuckDB and PostgreSQL read 1.23 as a decimal, which can overflow; 1.23e0 is a double everywhere. -#}
{% macro double_literal(number) -%} {{ "%.17e" | format(number | float) }} {%- endmacro %}
