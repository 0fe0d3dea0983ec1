{{ config(enabled=offers_entity("payments", "finance")) }}

{%- set payments = source("finance", "payments") %}
{%- set chargebacks = source("finance", "chargebacks") %}
{%- set invoices = source("finance", "invoices") %}
{%- set payment_kinds = column_kinds(payments) %}
{%- set chargeback_kinds = column_kinds(chargebacks) %}
{%- set invoice_kinds = column_kinds(invoices) %}
{%- set zone = source_zone("finance") %}
{%- set status = "lower(" ~ clean_text("status") ~ ")" %}
{%- set paid_at = parse_timestamp("paid_on", payment_kinds.paid_on, zone=zone) %}
{%- set paid_amount = parse_amount("amount", payment_kinds.amount) %}
{%- set opened_at = parse_timestamp("opened_on", chargeback_kinds.opened_on, zone=zone) %}
{%- set taken_amount = parse_amount("amount", chargeback_kinds.amount) %}
{%- set due_date = parse_date("due_date", invoice_kinds.due_date) %}
{%- set known_payment = [["invoice_payment_key is null", "payment_unknown"]] %}
{%- set known_invoice = [["invoice_key is null", "order_unknown"]] %}

{#- Who paid, in what currency and when it was due stands on the invoice only, so it is joined. Invoices that
    share a number say nothing for sure and are left out. -#}
with

    invoices as (

        select
            invoice_key,
            min(invoice_debtor_no) as invoice_debtor_no,
            min(invoice_currency) as invoice_currency,
            min(invoice_due_date) as invoice_due_date
        from
            (
                select distinct
                    {{ clean_text("invoice_id") }} as invoice_key,
                    {{ clean_key("debtor_no") }} as invoice_debtor_no,
                    {{ clean_currency("currency") }} as invoice_currency,
                    {{ due_date }} as invoice_due_date
                from {{ invoices }}
            ) as told_invoices
        group by invoice_key
        having count(*) = 1

    ),

    invoices_of_payments as (

        select payment_key as invoice_payment_key, min(payment_invoice) as payment_invoice
        from
            (
                select distinct
                    {{ clean_key("payment_id") }} as payment_key,
                    {{ clean_text("invoice_id") }} as payment_invoice
                from {{ payments }}
            ) as told_payments
        group by payment_key
        having count(*) = 1

    ),

    payment_rows as (

        select payments.*, invoices.*
        from {{ payments }} as payments
        left join invoices on trim(payments.invoice_id) = invoices.invoice_key

    ),

    chargeback_rows as (

        select chargebacks.*, invoices_of_payments.*, invoices.*
        from {{ chargebacks }} as chargebacks
        left join
            invoices_of_payments
            on {{ clean_key("chargebacks.payment_id") }} = invoices_of_payments.invoice_payment_key
        left join invoices on invoices_of_payments.payment_invoice = invoices.invoice_key

    ),

    payments as (

        {{
            stage_entity(
                "payments",
                "payment_rows",
                {
                    "payment_id": clean_key("payment_id"),
                    "order_id": clean_text("invoice_id"),
                    "source_customer_id": "invoice_debtor_no",
                    "paid_at": paid_at,
                    "due_date": "invoice_due_date",
                    "days_late": dbt.datediff(
                        "invoice_due_date",
                        parse_date("paid_on", payment_kinds.paid_on),
                        "day",
                    ),
                    "amount": paid_amount,
                    "currency": "invoice_currency",
                    "method": "lower(" ~ clean_text("method") ~ ")",
                    "status": status,
                },
                checks=known_invoice
                + [
                    [
                        "coalesce(" ~ status ~ ", '') not in ('paid', 'failed')",
                        "status_unknown",
                    ],
                    [status ~ " = 'paid' and " ~ is_blank("paid_on"), "date_missing"],
                ]
                + value_checks("paid_on", paid_at, "date", required=false)
                + value_checks("amount", paid_amount, "amount")
                + currency_checks("invoice_currency"),
                key=["payment_id"],
            )
        }}

    ),

    {#- Money that was paid and taken back later: a row of its own, so that a date before knows of the payment only. #}
    chargebacks as (

        {{
            stage_entity(
                "payments",
                "chargeback_rows",
                {
                    "payment_id": "'chargeback:' || " ~ clean_key("chargeback_id"),
                    "order_id": "payment_invoice",
                    "source_customer_id": "invoice_debtor_no",
                    "paid_at": opened_at,
                    "due_date": "invoice_due_date",
                    "amount": "-1 * " ~ taken_amount,
                    "currency": "invoice_currency",
                    "status": "'charged_back'",
                },
                checks=known_payment
                + known_invoice
                + date_checks("opened_on", opened_at)
                + value_checks("amount", taken_amount, "amount")
                + [[taken_amount ~ " < 0", "amount_negative"]]
                + currency_checks("invoice_currency"),
                key=["payment_id"],
            )
        }}

    )

select *
from payments
union all
select *
from chargebacks
