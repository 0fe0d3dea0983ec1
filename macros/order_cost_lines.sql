{#- The cost lines that orders cause, by name without _cost: what orders, their lines, refunds and payments are priced for. -#}
{% macro order_cost_lines() -%} {{ return(["fulfilment", "payment", "return"]) }} {%- endmacro %}
