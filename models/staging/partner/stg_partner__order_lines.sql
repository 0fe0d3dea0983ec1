{{ config(enabled=offers_entity("order_lines", "partner")) }}

{%- set sales = source("partner", "channel_sales") %}
{%- set kinds = column_kinds(sales) %}
{%- set currency = clean_currency("currency") %}
{%- set quantity = parse_integer("quantity") %}
{%- set amount = parse_amount("amount", kinds.amount, "," if kinds.amount != "number" else ".") %}

{#- Partners do not number the lines of a sale: they get numbers by what is in them. Rows that are alike are one row,
    sent twice, as in stg_partner__orders. -#}
{%- set told_lines %}
    (
        select
            partner,
            sale_ref,
            sku,
            quantity,
            amount,
            currency,
            row_number() over (
                partition by {{ partner_order_id() }}
                order by
                    {{ byte_order("sku") }} nulls first,
                    {{ byte_order("cast(amount as " ~ dbt.type_string() ~ ")") }} nulls first,
                    {{ byte_order("cast(quantity as " ~ dbt.type_string() ~ ")") }} nulls first,
                    {{ byte_order("currency") }} nulls first
            ) as line_no
        from
            (
                select distinct
                    partner,
                    sale_ref,
                    our_order_no,
                    buyer_email_sha256,
                    sold_on,
                    amount,
                    currency,
                    sku,
                    quantity
                from {{ sales }}
            ) as told_sales
    )
{%- endset %}

{{
    stage_entity(
        "order_lines",
        told_lines,
        {
            "order_id": partner_order_id(),
            "line_number": "line_no",
            "product_id": clean_text("sku"),
            "quantity": quantity,
            "amount": amount,
            "currency": currency,
        },
        checks=value_checks("quantity", quantity, "quantity")
        + value_checks("amount", amount, "amount")
        + currency_checks(currency),
        key=["order_id", "line_number"],
    )
}}
