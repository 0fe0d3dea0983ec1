{{ config(materialized="view") }}

{{
    union_sources(
        "orders",
        [
            "source_row_number",
            "source_path",
            "source_customer_id",
            "order_id",
            "ordered_at",
            "order_date",
            "amount",
            "quarantine_reason",
            "ordered_at_text",
            "amount_text",
        ],
    )
}}
