{#- What "money" is asked to mean (rfm_monetary_measure): auto, net_revenue or a contribution margin, which needs costs. -#}
{% macro wanted_measure() -%}
    {%- set wanted = var("rfm_monetary_measure") -%}
    {%- set margins = ["cm1", "cm2", "cm3"] -%}
    {%- if wanted in margins and not has_costs() -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_monetary_measure is '"
                ~ wanted
                ~ "': no source offers costs, so use auto or net_revenue, or set rfm_profit_goods_cost_shares"
            )
        }}
    {%- elif wanted not in ["auto", "net_revenue"] + margins -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_monetary_measure is '" ~ wanted ~ "': use auto, net_revenue, cm1, cm2 or cm3"
            )
        }}
    {%- endif -%}
    {{ return(wanted) }}
{%- endmacro %}
