{#- The attributes of customers that lifetime value is fitted by (rfm_ltv_group_by), each known at acquisition or fixed for
    life; none: one fit for everyone. -#}
{% macro ltv_group_attributes() -%}
    {%- set of_orders = ["cohort_year", "cohort_quarter", "channel", "source"] -%}
    {%- set of_records = ["country_code", "entity_type", "birth_decade"] -%}
    {%- for name in var("rfm_ltv_group_by") -%}
        {%- if name not in of_orders + of_records -%}
            {{
                exceptions.raise_compiler_error(
                    "rfm_ltv_group_by names '" ~ name ~ "': use " ~ (of_orders + of_records)
                    | join(", ")
                )
            }}
        {%- elif name in of_records and not offers_entity("customers") -%}
            {{
                exceptions.raise_compiler_error(
                    "rfm_ltv_group_by names '"
                    ~ name
                    ~ "', which records of customers tell: register a source that offers customers in rfm_sources, or use "
                    ~ of_orders
                    | join(", ")
                )
            }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(var("rfm_ltv_group_by") | list) }}
{%- endmacro %}
