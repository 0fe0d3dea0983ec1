{#- The columns of staged orders, in order. -#}
{% macro order_columns() -%}
    {{
        return(
            [
                "source_row_number",
                "source_path",
                "source_customer_id",
                "order_id",
                "ordered_at",
                "order_date",
                "amount",
                "currency",
                "channel",
                "same_sale_source",
                "same_sale_order_id",
                "quarantine_reason",
                "ordered_at_text",
                "amount_text",
            ]
        )
    }}
{%- endmacro %}
