{{ config(enabled=offers_entity("accounts", "finance")) }}

{%- set debtors = source("finance", "debtors") %}
{%- set kinds = column_kinds(debtors) %}
{%- set kind = "lower(" ~ clean_text("kind") ~ ")" %}

{{
    stage_entity(
        "accounts",
        "(select * from "
        ~ with_country_code(debtors)
        ~ " as all_debtors where "
        ~ kind
        ~ " = 'company')",
        {
            "source_record_id": clean_key("debtor_no"),
            "company_name": clean_text("name"),
            "tax_id": clean_text("vat_no"),
            "email": clean_text("email"),
            "phone": clean_text("phone"),
            "street": clean_text("street"),
            "postal_code": clean_text("zip"),
            "city": clean_text("city"),
            "country_code": "found_country_code",
            "created_at": parse_timestamp(
                "created_on", kinds.created_on, zone=source_zone("finance")
            ),
        },
        key=["source_record_id"],
    )
}}
