{{ config(enabled=offers_entity("customers")) }}

{%- set parts = survivorship_parts() -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    {#- What may not leave the warehouse tells nobody's name: the golden record is made to be used. -#}
    restricted as (

        select source_name
        from {{ ref("source_register") }}
        where is_aggregate_only or allowed_use not in ('all', 'export')

    ),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }}),

    suppressed as (select * from {{ ref("int_identity__suppressed") }}),

    rules as (select * from {{ ref("survivorship_rules") }}),

    choices as (

        {% for choice in parts %}
            select
                '{{ choice }}' as choice,
                '{{ "phone" if choice == "other_phone" else choice }}' as attribute
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    owned as (

        select
            customer_ids.customer_id,
            records.*,
            suppressed_emails.identifier_value is null as is_email_usable,
            suppressed_phones.identifier_value is null as is_phone_usable,
            suppressed_other_phones.identifier_value is null as is_other_phone_usable
        from records
        inner join customer_ids on records.record_id = customer_ids.record_id
        left join restricted on records.source_name = restricted.source_name
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
        where restricted.source_name is null

    ),

    {#- The values themselves stay behind until it is known which are wanted: sorting them is slow. -#}
    measured as (

        select
            owned.customer_id,
            owned.record_id,
            owned.source_priority,
            owned.updated_at,
            choices.choice,
            choices.attribute,
            rules.rule,
            case
                when choices.choice = 'phone' and {{ is_mobile_number("owned.phone") }}
                then 0
                when choices.choice = 'other_phone' and {{ is_mobile_number("owned.other_phone") }}
                then 0
                else 1
            end as mobile_order,
            case
                {% for choice, columns in parts.items() %}
                    when choices.choice = '{{ choice }}'
                    then
                        {% for column in columns -%}
                            case when owned.{{ column }} is null then 0 else 1 end
                            {{ "+" if not loop.last }}
                        {% endfor %}
                {% endfor %}
            end as part_count,
            case
                {% for choice, columns in parts.items() %}
                    when choices.choice = '{{ choice }}'
                    then
                        {% for column in columns -%}
                            coalesce(length(cast(owned.{{ column }} as {{ dbt.type_string() }})), 0)
                            {{ "+" if not loop.last }}
                        {% endfor %}
                {% endfor %}
            end as letter_count,
            case
                when rules.rule <> 'most_frequent'
                then null
                {% for choice, columns in parts.items() %}
                    when choices.choice = '{{ choice }}'
                    then
                        {% for column in columns -%}
                            coalesce(cast(owned.{{ column }} as {{ dbt.type_string() }}), '') || '/'
                            {{ "||" if not loop.last }}
                        {% endfor %}
                {% endfor %}
            end as counted_value
        from owned
        cross join choices
        inner join rules on choices.attribute = rules.attribute
        where
            (choices.choice <> 'email' or owned.is_email_usable)
            and (choices.choice <> 'phone' or owned.is_phone_usable)
            and (choices.choice <> 'other_phone' or owned.is_other_phone_usable)

    ),

    filled as (select * from measured where part_count > 0),

    frequencies as (

        select customer_id, attribute, counted_value, count(*) as frequency
        from filled
        where counted_value is not null
        group by customer_id, attribute, counted_value

    ),

    {#- The rule decides; what it leaves open the others do, then the id. -#}
    ranked as (

        select
            filled.customer_id,
            filled.attribute,
            filled.choice,
            filled.record_id,
            filled.rule,
            row_number() over (
                partition by filled.customer_id, filled.attribute
                order by
                    filled.mobile_order,
                    case when filled.rule = 'source_priority' then filled.source_priority end,
                    case
                        when filled.rule = 'most_recent' then filled.updated_at
                    end desc nulls last,
                    case when filled.rule = 'most_complete' then filled.part_count end desc,
                    case when filled.rule = 'most_complete' then filled.letter_count end desc,
                    frequencies.frequency desc,
                    filled.source_priority,
                    filled.part_count desc,
                    filled.letter_count desc,
                    filled.updated_at desc nulls last,
                    {{ byte_order("filled.record_id") }},
                    {{ byte_order("filled.choice") }} desc
            ) as record_rank
        from filled
        left join
            frequencies
            on filled.customer_id = frequencies.customer_id
            and filled.attribute = frequencies.attribute
            and filled.counted_value = frequencies.counted_value

    )

select
    customer_id,
    record_id,
    cast(choice as {{ dbt.type_string() }}) as choice,
    cast(rule as {{ dbt.type_string() }}) as survivorship_rule
from ranked
where record_rank = 1
