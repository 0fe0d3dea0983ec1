{{ config(materialized="view") }}

{{
    union_sources(
        "orders",
        ["cast('orders' as " ~ dbt.type_string() ~ ") as entity"]
        + order_columns()
        + (
            ["cast(null as " ~ type_money() ~ ") as restock_cost_amount"]
            if offers_entity("refunds")
            else []
        ),
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
                "restock_cost_amount",
            ],
        )
    }}
{% endif %}
