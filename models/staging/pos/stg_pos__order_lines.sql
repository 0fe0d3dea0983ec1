{{ config(enabled=offers_entity("order_lines", "pos")) }}

{%- set quantity = parse_integer("quantity") %}
{%- set amount = multiply_money(pence_to_money("price_pence"), quantity) %}

{#- Tills know what was paid for a piece, not what it cost before. -#}
{{
    stage_entity(
        "order_lines",
        source("pos", "receipt_lines"),
        {
            "order_id": clean_key("receipt_no"),
            "line_number": parse_integer("line_no"),
            "product_id": clean_text("sku"),
            "quantity": quantity,
            "amount": amount,
            "currency": "'GBP'",
        },
        checks=value_checks("quantity", quantity, "quantity")
        + value_checks("price_pence", amount, "amount"),
        key=["order_id", "line_number"],
    )
}}
