{{ config(enabled=offers_entity("customers", "marketing")) }}

{%- set subscribers = source("marketing", "subscribers") %}
{%- set kinds = column_kinds(subscribers) %}

{{
    stage_entity(
        "customers",
        subscribers,
        {
            "source_record_id": clean_text("subscriber_id"),
            "first_name": clean_text("first_name"),
            "last_name": clean_text("last_name"),
            "email": clean_text("email"),
            "created_at": parse_timestamp(
                "subscribed_at", kinds.subscribed_at, zone=source_zone("marketing")
            ),
        },
        key=["source_record_id"],
    )
}}
