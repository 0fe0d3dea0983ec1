{{ config(enabled=offers_entity("product_costs", "accounting")) }}

{%- set costs = source("accounting", "product_costs") %}
{%- set kinds = column_kinds(costs) %}
{%- set currency = clean_currency("currency") %}
{%- set unit_cost = parse_rate("unit_cost", kinds.unit_cost) %}
{%- set valid_from = parse_date("valid_from", kinds.valid_from) %}

{{
    stage_entity(
        "product_costs",
        costs,
        {
            "product_id": clean_text("sku"),
            "valid_from_date": valid_from,
            "unit_cost_amount": unit_cost,
            "currency": currency,
        },
        checks=value_checks("unit_cost", unit_cost, "amount") + currency_checks(currency),
        key=["product_id", "valid_from_date"],
    )
}}
