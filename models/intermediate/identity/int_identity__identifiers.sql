{{ config(enabled=offers_entity("customers")) }}

{%- set columns = {
    "email": "email",
    "email_hash": "email_hash",
    "phone": "phone",
    "other_phone": "phone",
    "loyalty_id": "loyalty_id",
    "crm_id": "crm_id",
    "tax_id": "tax_id",
} -%}

with records as (select * from {{ ref("int_identity__records") }})

{% for column, identifier_type in columns.items() %}
    {% if not loop.first %}
        union all
    {% endif %}
    select
        record_id,
        entity_type,
        cast('{{ identifier_type }}' as {{ dbt.type_string() }}) as identifier_type,
        {{ column }} as identifier_value
    from records
    where
        {{ column }} is not null
        {%- if column == "other_phone" %} and (phone is null or other_phone <> phone) {%- endif %}
{% endfor %}
