{#- How much a rule says, the most first: of links that cannot all hold, the strongest are kept. -#}
{% macro rule_strengths() -%}
    {{
        return(
            {
                "crm_id": 100,
                "tax_id": 95,
                "loyalty_id": 95,
                "email_name": 90,
                "company_website": 90,
                "email_hash_name": 88,
                "phone_name": 85,
                "name_birth_date": 80,
                "postcode_birth_date": 78,
                "company_postcode": 75,
                "name_postcode": 70,
                "email": 60,
                "email_hash": 55,
            }
        )
    }}
{%- endmacro %}
