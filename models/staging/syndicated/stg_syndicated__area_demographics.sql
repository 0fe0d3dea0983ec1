{{ config(enabled=offers_entity("area_demographics", "syndicated")) }}

{%- set areas = source("syndicated", "postcode_demographics") %}
{%- set kinds = column_kinds(areas) %}
{%- set households = parse_integer("households") %}
{%- set income = parse_amount("median_income", kinds.median_income) %}

{{
    stage_entity(
        "area_demographics",
        areas,
        {
            "country_code": "upper(" ~ clean_text("country_code") ~ ")",
            "postal_code": clean_text("postcode"),
            "household_count": households,
            "median_income_amount": income,
            "urbanity": clean_text("urbanity"),
        },
        checks=value_checks("households", households, "household_count", required=false)
        + value_checks("median_income", income, "amount", required=false),
        key=["country_code", "postal_code"],
    )
}}
