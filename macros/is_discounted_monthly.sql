{#- Whether money of a month counts as at its end, or each day's as on its day (rfm_ltv_discounting). -#}
{% macro is_discounted_monthly() -%}
    {%- set discounting = var("rfm_ltv_discounting") -%}
    {%- if discounting not in ["monthly", "continuous"] -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_ltv_discounting is '" ~ discounting ~ "': use monthly or continuous"
            )
        }}
    {%- endif -%}
    {{ return(discounting == "monthly") }}
{%- endmacro %}
