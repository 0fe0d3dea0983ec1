{{ config(enabled=offers_entity("order_lines", "shop")) }}

{%- set lines = source("shop", "lines") %}
{%- set kinds = column_kinds(lines) %}
{%- set line_total = parse_amount("line_total", kinds.line_total) %}
{%- set quantity = parse_integer("quantity") %}
{%- set list_amount = multiply_money(parse_amount("list_price", kinds.list_price), quantity) %}

{{
    stage_entity(
        "order_lines",
        with_order_currency(lines, source("shop", "orders")),
        {
            "order_id": clean_text("order_no"),
            "line_number": parse_integer("line_no"),
            "product_id": clean_text("sku"),
            "quantity": quantity,
            "list_amount": list_amount,
            "discount_amount": list_amount ~ " - " ~ line_total,
            "amount": line_total,
            "currency": "order_currency",
        },
        checks=value_checks("quantity", quantity, "quantity")
        + value_checks("line_total", line_total, "amount")
        + value_checks("list_price", list_amount, "list_price", required=false)
        + [["is_known_order is null", "order_unknown"]]
        + currency_checks("order_currency"),
        key=["order_id", "line_number"],
    )
}}
