{{ config(enabled=offers_entity("activity_costs", "accounting")) }}

{%- set costs = source("accounting", "activity_costs") %}
{%- set kinds = column_kinds(costs) %}
{%- set currency = clean_currency("currency") %}
{%- set rate = parse_rate("rate", kinds.rate) %}
{%- set valid_to = parse_date("valid_to", kinds.valid_to) %}

{{
    stage_entity(
        "activity_costs",
        costs,
        {
            "activity": "lower(" ~ clean_text("activity") ~ ")",
            "driver": clean_text("driver"),
            "rate_amount": rate,
            "currency": currency,
            "valid_from_date": parse_date("valid_from", kinds.valid_from),
            "valid_to_date": valid_to,
        },
        checks=value_checks("rate", rate, "amount")
        + currency_checks(currency)
        + value_checks("valid_to", valid_to, "date", required=false),
        key=["activity", "valid_from_date"],
    )
}}
