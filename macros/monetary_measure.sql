{#- What "money" means in this build. Contribution margins need costs; orders alone have net revenue. -#}
{% macro monetary_measure() -%}
    {%- if var("rfm_monetary_measure") not in ["auto", "net_revenue"] -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_monetary_measure is '"
                ~ var("rfm_monetary_measure")
                ~ "': no source offers costs, so use auto or net_revenue"
            )
        }}
    {%- endif -%}
    net_revenue
{%- endmacro %}
