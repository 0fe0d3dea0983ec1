{#- The attributes of the golden record, and the columns of int_identity__records that survive with each: half of an old
    and half of a new address would be nobody's. A second telephone number is one more phone. -#}
{% macro survivorship_parts() -%}
    {{
        return(
            {
                "name": ["first_name", "last_name", "full_name"],
                "company_name": ["company_name"],
                "email": ["email"],
                "phone": ["phone"],
                "other_phone": ["other_phone"],
                "address": ["street", "postal_code", "city", "country_code"],
                "birth_date": ["birth_date"],
                "tax_id": ["tax_id"],
                "loyalty_id": ["loyalty_id"],
            }
        )
    }}
{%- endmacro %}
