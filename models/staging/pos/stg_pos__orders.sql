{{ config(enabled=offers_entity("orders", "pos")) }}

{%- set receipts = source("pos", "receipts") %}
{%- set kinds = column_kinds(receipts) %}

{#- Goods brought back have a receipt of their own, with a negative amount. -#}
{{
    stage_orders(
        receipts,
        {
            "customer_id": clean_compact("card_no"),
            "ordered_at": "sold_at",
            "amount": "total_pence",
            "order_id": clean_key("receipt_no"),
            "row_number": "null",
            "path": "null",
            "parsed_amount": pence_to_money("total_pence"),
            "currency": "'GBP'",
            "channel": "'store'",
        },
        {"ordered_at": kinds.sold_at},
        zone=source_zone("pos"),
        has_keys=true,
    )
}}
