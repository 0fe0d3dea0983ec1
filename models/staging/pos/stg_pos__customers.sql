{{ config(enabled=offers_entity("customers", "pos")) }}

{%- set cards = source("pos", "cards") %}
{%- set kinds = column_kinds(cards) %}

{{
    stage_entity(
        "customers",
        cards,
        {
            "source_record_id": clean_compact("card_no"),
            "first_name": clean_text("holder_first"),
            "last_name": clean_text("holder_last"),
            "email": clean_text("email"),
            "phone": clean_text("phone"),
            "postal_code": clean_text("postcode"),
            "birth_date": parse_date("birth_date", kinds.birth_date, "yyyymmdd"),
            "loyalty_id": clean_compact("card_no"),
            "created_at": parse_timestamp("issued_on", kinds.issued_on, zone=source_zone("pos")),
        },
        key=["source_record_id"],
    )
}}
