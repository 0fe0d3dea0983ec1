{{ config(enabled=offers_entity("orders", "shop")) }}

{%- set orders = source("shop", "orders") %}
{%- set kinds = column_kinds(orders) %}
{%- set currency = clean_currency("currency") %}
{%- set status = "lower(" ~ clean_text("status") ~ ")" %}

{{
    stage_orders(
        orders,
        {
            "customer_id": "coalesce("
            ~ clean_text("customer_uid")
            ~ ", "
            ~ clean_text("checkout_id")
            ~ ")",
            "ordered_at": "placed_at",
            "amount": "total",
            "order_id": "order_no",
            "row_number": "null",
            "path": "null",
            "currency": currency,
            "channel": "'web'",
        },
        {"ordered_at": kinds.placed_at, "amount": kinds.total},
        zone=source_zone("shop"),
        checks=[
            [status ~ " = 'cancelled'", "cancelled"],
            ["coalesce(" ~ status ~ ", '') <> 'paid'", "status_unknown"],
        ]
        + currency_checks(currency),
        has_keys=true,
    )
}}
