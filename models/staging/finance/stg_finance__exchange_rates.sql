{{ config(enabled=offers_entity("exchange_rates", "finance")) }}

{%- set rates = source("finance", "exchange_rates") %}
{%- set kinds = column_kinds(rates) %}
{%- set currency = clean_currency("currency") %}
{%- set rate_date = parse_date("rate_date", kinds.rate_date) %}
{%- set rate = parse_rate("eur_per_unit", kinds.eur_per_unit) %}

{#- The books say what a unit is worth in EUR; counted in another currency that is no rate. -#}
{%- set other_currency = (
    [["1 = 1", "currency_differs"]] if var("rfm_currency") not in ("", "EUR") else []
) %}

{{
    stage_entity(
        "exchange_rates",
        rates,
        {"currency": currency, "rate_date": rate_date, "rate": rate},
        checks=currency_checks(currency)
        + value_checks("eur_per_unit", rate, "amount")
        + [[rate ~ " <= 0", "amount_negative"]]
        + other_currency,
        key=["currency", "rate_date"],
    )
}}
