{{ config(enabled=offers_entity("interactions", "shop")) }}

{%- set event = "lower(" ~ clean_text("event") ~ ")" %}
{%- set occurred_at = parse_epoch_ms("occurred_ms") %}

{{
    stage_entity(
        "interactions",
        source("shop", "web_events"),
        {
            "interaction_id": "'web_event:' || " ~ clean_key("event_id"),
            "source_customer_id": clean_text("uid"),
            "occurred_at": occurred_at,
            "interaction_type": (
                "case when "
                ~ event
                ~ " = 'wishlist' then 'preference' when "
                ~ event
                ~ " in ('view', 'search', 'cart') then 'visit' else "
                ~ event
                ~ " end"
            ),
            "channel": "'web'",
            "topic": event,
            "reference_id": clean_text("sku"),
        },
        checks=[
            [is_blank("uid"), "customer_missing"],
            [
                "coalesce(" ~ event ~ ", '') not in ('view', 'search', 'cart', 'wishlist')",
                "type_unknown",
            ],
        ]
        + date_checks("occurred_ms", occurred_at),
        key=["interaction_id"],
    )
}}
