{{ config(enabled=offers_entity("orders", "partner")) }}

{%- set sales = source("partner", "channel_sales") %}
{%- set kinds = column_kinds(sales) %}
{%- set currency = clean_currency("currency") %}
{%- set own_order = clean_text("our_order_no") %}
{%- set sold_date = parse_date("sold_on", kinds.sold_on, "yyyymmdd") %}
{%- set own_source %}
    case
        when {{ matches_pattern(own_order, "^W-") }} then 'shop'
        when {{ matches_pattern(own_order, "^[0-9]{4}/") }} then 'finance'
        when {{ matches_pattern(own_order, "^[0-9]+$") }} then 'pos'
    end
{%- endset %}

{#- One sale may have a row for each product; rows that are alike to the product and quantity are one row, sent
    twice. -#}
{%- set told_sales %}
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
    )
{%- endset %}

{{
    stage_orders(
        told_sales,
        {
            "customer_id": "lower(" ~ clean_text("buyer_email_sha256") ~ ")",
            "ordered_at": "sold_on",
            "amount": "amount",
            "order_id": partner_order_id(),
            "row_number": "null",
            "path": "null",
            "parsed_at": local_to_utc(
                "cast(" ~ sold_date ~ " as " ~ dbt.type_timestamp() ~ ")",
                source_zone("partner"),
            ),
            "currency": currency,
            "channel": "'partner'",
            "same_sale_source": own_source,
            "same_sale_order_id": own_order,
        },
        {"amount": kinds.amount},
        decimal_mark="," if kinds.amount != "number" else ".",
        checks=[
            [is_blank("sale_ref"), "key_missing"],
            [own_order ~ " is not null and " ~ own_source ~ " is null", "reference_unknown"],
        ]
        + currency_checks(currency),
    )
}}
