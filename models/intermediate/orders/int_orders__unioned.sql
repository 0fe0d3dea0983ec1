{{ config(materialized="view") }}

{{
    union_sources(
        "orders",
        [
            "cast('orders' as " ~ dbt.type_string() ~ ") as entity",
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
        ],
    )
}}
{% if offers_entity("refunds") %}
    union all
    {#- A refund is a row of its order; whose it is, the order says (int_orders__judged). -#}
    {{
        union_sources(
            "refunds",
            [
                "cast('refunds' as " ~ dbt.type_string() ~ ")",
                "cast(null as " ~ dbt.type_bigint() ~ ")",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "order_id",
                "refunded_at",
                "refund_date",
                "amount",
                "currency",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "quarantine_reason",
                "cast(null as " ~ dbt.type_string() ~ ")",
                "cast(null as " ~ dbt.type_string() ~ ")",
            ],
        )
    }}
{% endif %}
