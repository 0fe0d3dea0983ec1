{#- Whether two relations mean one order (int_orders__resolved): rows of one number in two currencies are two. -#}
{% macro same_order(left, right) -%}
    {{ left }}.source_name = {{ right }}.source_name
    and {{ left }}.customer_id = {{ right }}.customer_id
    and {{ left }}.order_id = {{ right }}.order_id
    {%- if is_consolidating() %}
        and coalesce({{ left }}.currency, '') = coalesce({{ right }}.currency, '')
    {%- endif -%}
{%- endmacro %}
