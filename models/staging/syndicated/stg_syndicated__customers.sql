{{ config(enabled=offers_entity("customers", "syndicated")) }}

{%- set birth_year = parse_integer("birth_year") %}

{{
    stage_entity(
        "customers",
        source("syndicated", "demographics"),
        {
            "source_record_id": clean_text("panel_id"),
            "first_name": clean_text("first_name"),
            "last_name": clean_text("last_name"),
            "postal_code": clean_text("postcode"),
            "birth_year": "case when "
            ~ birth_year
            ~ " between 1 and 9999 then "
            ~ birth_year
            ~ " end",
        },
        key=["source_record_id"],
    )
}}
