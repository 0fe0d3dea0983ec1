{#- Whether any source offers costs: then money can mean contribution margin, and the models of profit exist. -#}
{% macro has_costs() -%}
    {%- set ns = namespace(found=var("rfm_profit_goods_cost_shares") | length > 0) -%}
    {%- for entity in ["product_costs", "shipping_costs", "activity_costs", "marketing_costs"] -%}
        {%- if offers_entity(entity) -%} {%- set ns.found = true -%} {%- endif -%}
    {%- endfor -%}
    {{ return(ns.found) }}
{%- endmacro %}
