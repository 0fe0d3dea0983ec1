{{ config(enabled=offers_entity("interactions", "crm")) }}

{%- set preferences = source("crm", "preferences") %}
{%- set kinds = column_kinds(preferences) %}
{%- set stated_at = parse_timestamp("stated_on", kinds.stated_on, zone=source_zone("crm")) %}

{#- What is preferred has no column of its own: it is what the preference refers to. -#}
{{
    stage_entity(
        "interactions",
        preferences,
        {
            "interaction_id": "'preference:' || " ~ clean_key("preference_id"),
            "source_customer_id": "'P' || " ~ clean_key("person_id"),
            "occurred_at": stated_at,
            "interaction_type": "'preference'",
            "topic": "lower(" ~ clean_text("topic") ~ ")",
            "reference_id": clean_text("value"),
        },
        checks=[[is_blank("person_id"), "customer_missing"]]
        + date_checks("stated_on", stated_at),
        key=["interaction_id"],
    )
}}
