{{ config(enabled=offers_entity("products", "shop")) }}

{%- set products = source("shop", "products") %}
{%- set kinds = column_kinds(products) %}
{%- set list_price = parse_amount("list_price", kinds.list_price) %}

{#- The catalogue is priced in the currency of the books. -#}
{{
    stage_entity(
        "products",
        products,
        {
            "product_id": clean_text("sku"),
            "product_name": clean_text("title"),
            "product_line": clean_text("category"),
            "list_price_amount": list_price,
            "currency": "'EUR'",
        },
        checks=value_checks("list_price", list_price, "amount", required=false),
        key=["product_id"],
    )
}}
