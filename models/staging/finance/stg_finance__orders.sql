{{ config(enabled=offers_entity("orders", "finance")) }}

{%- set invoices = source("finance", "invoices") %}
{%- set kinds = column_kinds(invoices) %}
{%- set currency = clean_currency("currency") %}
{%- set web_order = clean_text("web_order_no") %}

{{
    stage_orders(
        invoices,
        {
            "customer_id": clean_key("debtor_no"),
            "ordered_at": "invoice_date",
            "amount": "gross_amount",
            "order_id": "invoice_id",
            "row_number": "null",
            "path": "null",
            "currency": currency,
            "channel": "'invoice'",
            "same_sale_source": "case when " ~ web_order ~ " is not null then 'shop' end",
            "same_sale_order_id": web_order,
        },
        {"ordered_at": kinds.invoice_date, "amount": kinds.gross_amount},
        zone=source_zone("finance"),
        checks=currency_checks(currency),
        has_keys=true,
    )
}}
