{#- The id of a sale of a partner: each partner numbers its own sales. -#}
{% macro partner_order_id() -%}
    coalesce({{ clean_text("partner") }} || ':', '') || {{ clean_text("sale_ref") }}
{%- endmacro %}
