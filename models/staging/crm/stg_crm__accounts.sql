{{ config(enabled=offers_entity("accounts", "crm")) }}

{%- set accounts = source("crm", "accounts") %}
{%- set kinds = column_kinds(accounts) %}
{%- set zone = source_zone("crm") %}

{{
    stage_entity(
        "accounts",
        accounts,
        {
            "source_record_id": clean_text("account_id"),
            "company_name": clean_text("name"),
            "tax_id": clean_text("vat_number"),
            "website": clean_text("website"),
            "street": clean_text("street"),
            "postal_code": clean_text("zip"),
            "city": clean_text("town"),
            "country_code": "upper(" ~ clean_text("country_code") ~ ")",
            "industry": clean_text("industry"),
            "employee_count": parse_integer("employees"),
            "parent_record_id": clean_text("parent_account_id"),
            "created_at": parse_timestamp("created_on", kinds.created_on, zone=zone),
            "updated_at": parse_timestamp("modified_on", kinds.modified_on, zone=zone),
        },
        key=["source_record_id"],
    )
}}
