{#- What is looked at in each entity: `columns` whose filling matters, `any_of` groups of columns of which one is enough,
    the `key` of a row, the `times` that tell how fresh it is, and the `parents` that a column points at. A parent
    is looked for in the same source, or `anywhere`. -#}
{% macro quality_entities() -%}
    {%- set customer = {
        "column": "source_customer_id",
        "entities": ["customers", "accounts"],
        "key": "source_record_id",
    } -%}
    {%- set order = {"column": "order_id", "entities": ["orders"], "key": "order_id"} -%}
    {%- set order_anywhere = {
        "column": "order_id",
        "entities": ["orders"],
        "key": "order_id",
        "anywhere": true,
    } -%}
    {{
        return(
            {
                "customers": {
                    "columns": ["email", "phone", "postal_code", "birth_date"],
                    "any_of": {
                        "name": ["full_name", "last_name"],
                        "contact": ["email", "email_sha256", "phone", "other_phone", "street"],
                    },
                    "key": ["source_record_id"],
                    "times": ["created_at", "updated_at"],
                },
                "accounts": {
                    "columns": ["company_name", "tax_id", "industry", "postal_code"],
                    "any_of": {"contact": ["email", "phone", "street"]},
                    "key": ["source_record_id"],
                    "times": ["created_at", "updated_at"],
                },
                "orders": {
                    "columns": ["source_customer_id", "order_id"],
                    "key": ["order_id"],
                    "times": ["order_date"],
                    "parents": [customer],
                },
                "order_lines": {
                    "columns": ["product_id", "quantity", "amount"],
                    "key": ["order_id", "line_number"],
                    "parents": [order],
                },
                "refunds": {
                    "columns": ["order_id", "amount"],
                    "key": ["refund_id"],
                    "times": ["refund_date"],
                    "parents": [order],
                },
                "payments": {
                    "columns": ["source_customer_id", "paid_at", "amount"],
                    "key": ["payment_id"],
                    "times": ["paid_at"],
                    "parents": [customer, order],
                },
                "products": {"columns": ["product_name", "product_line"], "key": ["product_id"]},
                "interactions": {
                    "columns": ["source_customer_id", "occurred_at"],
                    "key": ["interaction_id"],
                    "times": ["occurred_at"],
                    "parents": [customer],
                },
                "consents": {
                    "columns": ["source_customer_id", "recorded_at"],
                    "times": ["recorded_at"],
                    "parents": [customer],
                },
                "campaigns": {
                    "columns": ["channel", "start_date"],
                    "key": ["campaign_id"],
                    "times": ["start_date"],
                },
                "campaign_events": {
                    "columns": ["source_customer_id", "occurred_at"],
                    "key": ["event_id"],
                    "times": ["occurred_at"],
                    "parents": [customer, order_anywhere],
                },
                "demographics": {
                    "columns": ["age_band", "income_band"],
                    "key": ["source_record_id"],
                },
                "marketing_costs": {"columns": ["campaign_id", "amount"], "times": ["cost_date"]},
                "product_costs": {
                    "columns": ["unit_cost_amount"],
                    "key": ["product_id", "valid_from_date"],
                },
                "shipping_costs": {
                    "columns": ["order_id", "amount"],
                    "parents": [order_anywhere],
                },
                "exchange_rates": {
                    "columns": ["rate"],
                    "key": ["currency", "rate_date"],
                    "times": ["rate_date"],
                },
            }
        )
    }}
{%- endmacro %}
