{{ config(enabled=offers_entity("customers", "finance")) }}

{%- set debtors = source("finance", "debtors") %}
{%- set kinds = column_kinds(debtors) %}
{%- set kind = "lower(" ~ clean_text("kind") ~ ")" %}
{%- set name_pattern = "^([^,]*),(.*)$" %}
{%- set has_comma = matches_pattern("name", name_pattern) %}

{#- Companies are accounts. Debtors of a kind that nobody knows are shown here, not lost. -#}
{{
    stage_entity(
        "customers",
        "(select * from "
        ~ with_country_code(debtors)
        ~ " as all_debtors where coalesce("
        ~ kind
        ~ ", '') <> 'company')",
        {
            "source_record_id": clean_key("debtor_no"),
            "full_name": (
                "case when "
                ~ has_comma
                ~ " then "
                ~ clean_text(
                    "trim("
                    ~ replace_pattern("name", name_pattern, "<2>")
                    ~ ") || ' ' || trim("
                    ~ replace_pattern("name", name_pattern, "<1>")
                    ~ ")"
                )
                ~ " else "
                ~ clean_text("name")
                ~ " end"
            ),
            "first_name": (
                "case when "
                ~ has_comma
                ~ " then "
                ~ clean_text(replace_pattern("name", name_pattern, "<2>"))
                ~ " end"
            ),
            "last_name": (
                "case when "
                ~ has_comma
                ~ " then "
                ~ clean_text(replace_pattern("name", name_pattern, "<1>"))
                ~ " end"
            ),
            "email": clean_text("email"),
            "phone": clean_text("phone"),
            "street": clean_text("street"),
            "postal_code": clean_text("zip"),
            "city": clean_text("city"),
            "country_code": "found_country_code",
            "tax_id": clean_text("vat_no"),
            "created_at": parse_timestamp(
                "created_on", kinds.created_on, zone=source_zone("finance")
            ),
        },
        checks=[["coalesce(" ~ kind ~ ", '') <> 'person'", "type_unknown"]],
        key=["source_record_id"],
    )
}}
