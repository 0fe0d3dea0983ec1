{{ config(enabled=offers_entity("customers", "crm")) }}

{%- set people = source("crm", "people") %}
{%- set contacts = source("crm", "contacts") %}
{%- set person_kinds = column_kinds(people) %}
{%- set contact_kinds = column_kinds(contacts) %}
{%- set zone = source_zone("crm") %}

with

    people as (

        {{
            stage_entity(
                "customers",
                people,
                {
                    "source_record_id": "'P' || " ~ clean_key("person_id"),
                    "first_name": clean_text("given_name"),
                    "last_name": clean_text("family_name"),
                    "email": clean_text("email_address"),
                    "phone": clean_text("mobile"),
                    "other_phone": clean_text("phone"),
                    "street": clean_text("street"),
                    "postal_code": clean_text("zip"),
                    "city": clean_text("town"),
                    "country_code": "upper(" ~ clean_text("country_code") ~ ")",
                    "birth_date": parse_date("date_of_birth", person_kinds.date_of_birth),
                    "loyalty_id": clean_compact("loyalty_card_no"),
                    "crm_id": "'P' || " ~ clean_key("person_id"),
                    "created_at": parse_timestamp(
                        "created_on", person_kinds.created_on, zone=zone
                    ),
                    "updated_at": parse_timestamp(
                        "modified_on", person_kinds.modified_on, zone=zone
                    ),
                },
                key=["source_record_id"],
            )
        }}

    ),

    contacts as (

        {{
            stage_entity(
                "customers",
                contacts,
                {
                    "source_record_id": "'K' || " ~ clean_key("contact_id"),
                    "first_name": clean_text("given_name"),
                    "last_name": clean_text("family_name"),
                    "email": clean_text("email_address"),
                    "phone": clean_text("phone"),
                    "crm_id": "'K' || " ~ clean_key("contact_id"),
                    "account_record_id": clean_text("account_id"),
                    "created_at": parse_timestamp(
                        "created_on", contact_kinds.created_on, zone=zone
                    ),
                    "updated_at": parse_timestamp(
                        "modified_on", contact_kinds.modified_on, zone=zone
                    ),
                },
                key=["source_record_id"],
            )
        }}

    )

select *
from people
union all
select *
from contacts
