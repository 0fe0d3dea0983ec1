{{ config(enabled=offers_entity("ledger_entries", "accounting")) }}

{%- set ledger = source("accounting", "ledger") %}
{%- set kinds = column_kinds(ledger) %}
{%- set amount = parse_amount("amount", kinds.amount) %}
{%- set period = clean_text("period") %}

{#- Two entries of one account and period may be alike, so there is no key. -#}
{{
    stage_entity(
        "ledger_entries",
        ledger,
        {"period": period, "account": clean_text("account"), "amount": amount},
        checks=[
            [period ~ " is null", "date_missing"],
            ["not " ~ matches_pattern(period, "^[0-9]{4}-(0[1-9]|1[0-2])$"), "date_unreadable"],
            [is_blank("account"), "account_missing"],
        ]
        + value_checks("amount", amount, "amount"),
    )
}}
