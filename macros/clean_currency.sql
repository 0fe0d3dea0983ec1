{#- A currency code as ISO 4217 writes it. -#}
{% macro clean_currency(column) -%} upper({{ clean_text(column) }}) {%- endmacro %}
