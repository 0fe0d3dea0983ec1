{{ config(enabled=offers_entity("customers", "support")) }}

{%- set requesters = source("support", "requesters") %}
{%- set kinds = column_kinds(requesters) %}

{{
    stage_entity(
        "customers",
        requesters,
        {
            "source_record_id": clean_key("requester_id"),
            "full_name": clean_text("name"),
            "email": clean_text("email"),
            "phone": clean_text("phone"),
            "crm_id": "'P' || " ~ clean_key("crm_person_id"),
            "created_at": parse_timestamp(
                "created_at", kinds.created_at, zone=source_zone("support")
            ),
        },
        key=["source_record_id"],
    )
}}
