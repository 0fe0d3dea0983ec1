{{ config(enabled=offers_entity("campaigns", "marketing")) }}

{%- set campaigns = source("marketing", "campaigns") %}
{%- set kinds = column_kinds(campaigns) %}
{%- set starts_on = parse_date("starts_on", kinds.starts_on) %}
{%- set ends_on = parse_date("ends_on", kinds.ends_on) %}

{{
    stage_entity(
        "campaigns",
        campaigns,
        {
            "campaign_id": clean_text("campaign_id"),
            "campaign_name": clean_text("name"),
            "channel": "lower(" ~ clean_text("channel") ~ ")",
            "offer": clean_text("offer"),
            "segment": clean_text("segment"),
            "start_date": starts_on,
            "end_date": ends_on,
        },
        checks=date_checks("starts_on", starts_on)
        + value_checks("ends_on", ends_on, "date", required=false),
        key=["campaign_id"],
    )
}}
