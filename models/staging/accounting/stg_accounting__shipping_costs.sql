{{ config(enabled=offers_entity("shipping_costs", "accounting")) }}

{%- set costs = source("accounting", "shipping_costs") %}
{%- set kinds = column_kinds(costs) %}
{%- set currency = clean_currency("currency") %}
{%- set cost = parse_amount("cost", kinds.cost) %}

{#- An order may be shipped in several parcels, so there is no key. -#}
{{
    stage_entity(
        "shipping_costs",
        costs,
        {
            "order_id": clean_text("order_no"),
            "carrier": clean_text("carrier"),
            "amount": cost,
            "currency": currency,
        },
        checks=[[is_blank("order_no"), "order_missing"]]
        + value_checks("cost", cost, "amount")
        + currency_checks(currency),
    )
}}
