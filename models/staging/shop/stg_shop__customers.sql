{{ config(enabled=offers_entity("customers", "shop")) }}

{%- set web_customers = source("shop", "web_customers") %}
{%- set guest_checkouts = source("shop", "guest_checkouts") %}
{%- set web_kinds = column_kinds(web_customers) %}
{%- set guest_kinds = column_kinds(guest_checkouts) %}
{%- set zone = source_zone("shop") %}

with

    web_customers as (

        {{
            stage_entity(
                "customers",
                with_country_code(web_customers),
                {
                    "source_record_id": clean_text("uid"),
                    "first_name": clean_text("first_name"),
                    "last_name": clean_text("last_name"),
                    "email": clean_text("email"),
                    "phone": clean_text("phone"),
                    "street": clean_text("address_line"),
                    "postal_code": clean_text("postal_code"),
                    "city": clean_text("city"),
                    "country_code": "found_country_code",
                    "birth_date": parse_date("birthday", web_kinds.birthday, "dd.mm.yyyy"),
                    "created_at": parse_timestamp(
                        "registered_at", web_kinds.registered_at, zone=zone
                    ),
                    "updated_at": parse_timestamp("updated_at", web_kinds.updated_at, zone=zone),
                },
                key=["source_record_id"],
            )
        }}

    ),

    guest_checkouts as (

        {{
            stage_entity(
                "customers",
                with_country_code(guest_checkouts),
                {
                    "source_record_id": clean_text("checkout_id"),
                    "full_name": clean_text("full_name"),
                    "email": clean_text("email"),
                    "phone": clean_text("phone"),
                    "street": clean_text("address_line"),
                    "postal_code": clean_text("postal_code"),
                    "city": clean_text("city"),
                    "country_code": "found_country_code",
                    "created_at": parse_timestamp(
                        "created_at", guest_kinds.created_at, zone=zone
                    ),
                },
                key=["source_record_id"],
            )
        }}

    )

select *
from web_customers
union all
select *
from guest_checkouts
