{{ config(enabled=offers_entity("refunds", "shop")) }}

{%- set refunds = source("shop", "refunds") %}
{%- set kinds = column_kinds(refunds) %}
{%- set refunded_at = parse_timestamp("refunded_at", kinds.refunded_at, zone=source_zone("shop")) %}
{%- set amount = parse_amount("amount", kinds.amount) %}
{%- set restock_cost = parse_amount("restock_cost", kinds.restock_cost) %}

{#- The shop tells how much it gave back; money that goes out is negative here. -#}
{{
    stage_entity(
        "refunds",
        with_order_currency(refunds, source("shop", "orders")),
        {
            "refund_id": clean_text("refund_no"),
            "order_id": clean_text("order_no"),
            "line_number": parse_integer("line_no"),
            "refunded_at": refunded_at,
            "refund_date": to_reporting_date(refunded_at),
            "amount": "-1 * " ~ amount,
            "currency": "order_currency",
            "reason": clean_text("reason"),
            "restock_cost_amount": restock_cost,
        },
        checks=[["is_known_order is null", "order_unknown"]]
        + date_checks("refunded_at", refunded_at)
        + value_checks("amount", amount, "amount")
        + [[amount ~ " < 0", "amount_negative"]]
        + value_checks("line_no", parse_integer("line_no"), "line_number", required=false)
        + value_checks("restock_cost", restock_cost, "restock_cost", required=false)
        + currency_checks("order_currency"),
        key=["refund_id"],
    )
}}
