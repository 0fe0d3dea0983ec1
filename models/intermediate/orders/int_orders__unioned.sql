{{ config(materialized="view") }}

{{
    union_sources(
        "orders",
        ["cast('orders' as " ~ dbt.type_string() ~ ") as entity"] + order_columns(),
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
