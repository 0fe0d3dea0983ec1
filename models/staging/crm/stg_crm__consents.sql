{{ config(enabled=offers_entity("consents", "crm")) }}

{%- set consents = source("crm", "consents") %}
{%- set kinds = column_kinds(consents) %}
{%- set recorded_at = parse_timestamp("recorded_on", kinds.recorded_on, zone=source_zone("crm")) %}
{%- set status = "lower(" ~ clean_text("status") ~ ")" %}

{{
    stage_entity(
        "consents",
        consents,
        {
            "source_customer_id": "'P' || " ~ clean_key("person_id"),
            "channel": "lower(" ~ clean_text("channel") ~ ")",
            "purpose": "lower(" ~ clean_text("purpose") ~ ")",
            "status": status,
            "recorded_at": recorded_at,
        },
        checks=[[is_blank("person_id"), "customer_missing"]]
        + date_checks("recorded_on", recorded_at)
        + [["coalesce(" ~ status ~ ", '') not in ('granted', 'withdrawn')", "status_unknown"]],
    )
}}
