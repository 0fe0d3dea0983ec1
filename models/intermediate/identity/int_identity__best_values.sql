{{ config(enabled=offers_entity("customers")) }}

{#- The attributes that survive together, with their parts: a part is a column of int_identity__records. -#}
{%- set attributes = {
    "name": ["first_name", "last_name", "full_name"],
    "company_name": ["company_name"],
    "email": ["email"],
    "phone": ["phone"],
    "address": ["street", "postal_code", "city", "country_code"],
    "birth_date": ["birth_date"],
    "tax_id": ["tax_id"],
    "loyalty_id": ["loyalty_id"],
} -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }}),

    suppressed as (select * from {{ ref("int_identity__suppressed") }}),

    rules as (select * from {{ ref("survivorship_rules") }}),

    owned as (

        select
            records.*,
            customer_ids.customer_id,
            suppressed_emails.identifier_value is null as is_email_usable,
            suppressed_phones.identifier_value is null as is_phone_usable,
            suppressed_other_phones.identifier_value is null as is_other_phone_usable
        from records
        inner join customer_ids on records.record_id = customer_ids.record_id
        left join
            suppressed as suppressed_emails
            on suppressed_emails.identifier_type = 'email'
            and records.email = suppressed_emails.identifier_value
        left join
            suppressed as suppressed_phones
            on suppressed_phones.identifier_type = 'phone'
            and records.phone = suppressed_phones.identifier_value
        left join
            suppressed as suppressed_other_phones
            on suppressed_other_phones.identifier_type = 'phone'
            and records.other_phone = suppressed_other_phones.identifier_value

    ),

    {#- Part after part as text; `choice` tells the two numbers of a record apart, a mobile one goes first. -#}
    candidates as (

        {% for attribute, parts in attributes.items() %}
            select
                customer_id,
                record_id,
                source_name,
                source_priority,
                updated_at,
                '{{ attribute }}' as attribute,
                {{
                    (
                        "case when " ~ is_mobile_number("phone") ~ " then 0 else 1 end"
                        if attribute == "phone"
                        else "0"
                    )
                }} as choice,
                {% for place in range(4) -%}
                    {% if place < parts | length -%}
                        cast({{ parts[place] }} as {{ dbt.type_string() }})
                    {%- else -%} cast(null as {{ dbt.type_string() }})
                    {%- endif %} as part_{{ place + 1 }}{{ "," if not loop.last }}
                {% endfor %}
            from owned
            where
                coalesce(
                    {% for part in parts -%}
                        cast({{ part }} as {{ dbt.type_string() }}){{ ", " if not loop.last }}
                    {%- endfor %}
                )
                is not null
                {% if attribute in ("email", "phone") -%} and is_{{ attribute }}_usable {%- endif %}
            union all
        {% endfor %}
        select
            customer_id,
            record_id,
            source_name,
            source_priority,
            updated_at,
            'phone' as attribute,
            case when {{ is_mobile_number("other_phone") }} then 0 else 2 end as choice,
            other_phone as part_1,
            cast(null as {{ dbt.type_string() }}) as part_2,
            cast(null as {{ dbt.type_string() }}) as part_3,
            cast(null as {{ dbt.type_string() }}) as part_4
        from owned
        where other_phone is not null and is_other_phone_usable

    ),

    measured as (

        select
            *,
            {% for place in range(1, 5) -%}
                case when part_{{ place }} is null then 0 else 1 end {{ "+" if not loop.last }}
            {% endfor %} as part_count,
            {% for place in range(1, 5) -%}
                coalesce(length(part_{{ place }}), 0) {{ "+" if not loop.last }}
            {% endfor %} as letter_count,
            count(*) over (
                partition by customer_id, attribute, part_1, part_2, part_3, part_4
            ) as frequency
        from candidates

    ),

    {#- The rule decides; what it leaves open the others do, then the id. -#}
    ranked as (

        select
            measured.*,
            rules.rule,
            row_number() over (
                partition by measured.customer_id, measured.attribute
                order by
                    case when measured.choice = 0 then 0 else 1 end,
                    case when rules.rule = 'source_priority' then measured.source_priority end,
                    case
                        when rules.rule = 'most_recent' then measured.updated_at
                    end desc nulls last,
                    case when rules.rule = 'most_complete' then measured.part_count end desc,
                    case when rules.rule = 'most_complete' then measured.letter_count end desc,
                    case when rules.rule = 'most_frequent' then measured.frequency end desc,
                    measured.source_priority,
                    measured.part_count desc,
                    measured.letter_count desc,
                    measured.updated_at desc nulls last,
                    measured.frequency desc,
                    {{ byte_order("measured.record_id") }},
                    measured.choice
            ) as value_rank
        from measured
        inner join rules on measured.attribute = rules.attribute

    ),

    winners as (select * from ranked where value_rank = 1)

{% for attribute, parts in attributes.items() %}
        {%- set attribute_loop = loop -%}
    {% for part in parts %}
        select
            customer_id,
            cast('{{ part }}' as {{ dbt.type_string() }}) as attribute,
            part_{{ loop.index }} as value,
            source_name,
            record_id,
            cast(rule as {{ dbt.type_string() }}) as survivorship_rule
        from winners
        where attribute = '{{ attribute }}' and part_{{ loop.index }} is not null
        {% if not (loop.last and attribute_loop.last) %}
            union all
        {% endif %}
    {% endfor %}
{% endfor %}
