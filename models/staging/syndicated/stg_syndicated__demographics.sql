{{ config(enabled=offers_entity("demographics", "syndicated")) }}

{%- set household_size = parse_integer("household_size") %}
{%- set has_children = parse_boolean("has_children") %}

{{
    stage_entity(
        "demographics",
        source("syndicated", "demographics"),
        {
            "source_record_id": clean_text("panel_id"),
            "age_band": clean_text("age_band"),
            "income_band": clean_text("income_band"),
            "household_size": household_size,
            "has_children": has_children,
            "housing": clean_text("housing"),
            "education": clean_text("education"),
        },
        checks=value_checks("household_size", household_size, "household_size", required=false)
        + value_checks("has_children", has_children, "flag", required=false),
        key=["source_record_id"],
    )
}}
