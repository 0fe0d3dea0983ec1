{{ config(enabled=offers_entity("marketing_costs", "marketing")) }}

{%- set costs = source("marketing", "costs") %}
{%- set kinds = column_kinds(costs) %}
{%- set currency = clean_currency("currency") %}
{%- set amount = parse_amount("amount", kinds.amount) %}
{%- set cost_date = parse_date("cost_date", kinds.cost_date) %}

{#- Two bills of a day may be alike, so there is no key. -#}
{{
    stage_entity(
        "marketing_costs",
        costs,
        {
            "campaign_id": clean_text("campaign_id"),
            "cost_date": cost_date,
            "amount": amount,
            "currency": currency,
        },
        checks=[[is_blank("campaign_id"), "campaign_missing"]]
        + date_checks("cost_date", cost_date)
        + value_checks("amount", amount, "amount")
        + currency_checks(currency),
    )
}}
