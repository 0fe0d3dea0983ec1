{{ config(enabled=offers_entity("customers")) }}

{#- A birth date whose day and month may be swapped. -#}
{%- set birth_key -%}
    cast(
        extract(year from birth_date) * 10000
        + least(extract(month from birth_date), extract(day from birth_date)) * 100
        + greatest(extract(month from birth_date), extract(day from birth_date))
        as {{ dbt.type_int() }}
    )
{%- endset -%}
{%- set birth_key = "cast(" ~ birth_key ~ " as " ~ dbt.type_string() ~ ")" -%}
{#- What two records of one person or company may share besides identifiers; null where a part is. -#}
{%- set shared_keys = {
    "name_postcode": (
        "case when is_given_name_full then given_name_key end || ' ' || family_name_key"
        ~ " || ' ' || postal_key"
    ),
    "family_birth_date": "family_name_key || ' ' || " ~ birth_key,
    "given_birth_date": "case when is_given_name_full then given_name_key end || ' ' || "
    ~ birth_key,
    "postcode_birth_date": "postal_key || ' ' || " ~ birth_key,
    "company_postcode": "company_name_key || ' ' || postal_key",
    "company_website": "company_name_key || ' ' || website_domain",
} -%}

with

    records as (select * from {{ ref("int_identity__records") }}),

    identifiers as (select * from {{ ref("int_identity__identifiers") }}),

    suppressed as (select * from {{ ref("int_identity__suppressed") }}),

    keys as (

        select
            identifiers.record_id,
            identifiers.entity_type,
            identifiers.identifier_type as key_type,
            identifiers.identifier_value as key_value
        from identifiers
        left join
            suppressed
            on identifiers.identifier_type = suppressed.identifier_type
            and identifiers.identifier_value = suppressed.identifier_value
        where suppressed.identifier_value is null
        {% for key_type, key_value in shared_keys.items() %}
            union all
            select
                record_id,
                entity_type,
                cast('{{ key_type }}' as {{ dbt.type_string() }}),
                {{ key_value }}
            from records
            where {{ key_value }} is not null
        {% endfor %}

    ),

    {# What one record has links nothing, and what too many have would cost more than it says. #}
    linking_keys as (

        select key_type, key_value, entity_type
        from keys
        group by key_type, key_value, entity_type
        having count(*) between 2 and {{ var("rfm_identity_max_records") }}

    ),

    members as (

        select keys.record_id, keys.entity_type, keys.key_type, keys.key_value
        from keys
        inner join
            linking_keys
            on keys.key_type = linking_keys.key_type
            and keys.key_value = linking_keys.key_value
            and keys.entity_type = linking_keys.entity_type

    ),

    pairs as (

        select
            left_members.record_id as left_record_id,
            right_members.record_id as right_record_id,
            left_members.key_type,
            left_members.key_value
        from members as left_members
        inner join
            members as right_members
            on left_members.key_type = right_members.key_type
            and left_members.key_value = right_members.key_value
            and left_members.entity_type = right_members.entity_type
            and {{ byte_order("left_members.record_id") }}
            < {{ byte_order("right_members.record_id") }}

    ),

    compared as (

        select
            pairs.left_record_id,
            pairs.right_record_id,
            left_records.entity_type,
            pairs.key_type,
            pairs.key_value,
            left_records.email is not null and right_records.email is not null as has_both_emails,
            left_records.names_two_people or right_records.names_two_people as names_two_people,
            {{ given_names_agree("left_records", "right_records") }} as is_given_same,
            left_records.given_name_key is null
            or right_records.given_name_key is null as is_given_missing,
            left_records.is_given_name_full and right_records.is_given_name_full as is_given_full,
            {{ family_names_agree("left_records", "right_records") }} as is_family_same,
            left_records.family_name_key is null
            or right_records.family_name_key is null as is_family_missing,
            {{ birth_dates_conflict("left_records", "right_records") }} as is_birth_other,
            coalesce(left_records.birth_date = right_records.birth_date, false) as is_birth_same,
            left_records.company_name,
            left_records.postal_code,
            coalesce(left_records.first_name || ' ', '')
            || coalesce(left_records.last_name, '') as person_name,
            left_records.birth_date
        from pairs
        inner join records as left_records on pairs.left_record_id = left_records.record_id
        inner join records as right_records on pairs.right_record_id = right_records.record_id

    ),

    judged as (

        select
            *,
            case
                when key_type in ('crm_id', 'loyalty_id', 'tax_id')
                then key_type
                {# Links that names or dates speak against are vetoed later (int_identity__links); those that a person
                would make are kept until then, so that it can be told why they were not. #}
                when (is_given_full and not is_given_same) or is_birth_other
                then case when key_type = 'email' and not names_two_people then key_type end
                when entity_type = 'company'
                then case when key_type in ('company_postcode', 'company_website') then key_type end
                {# Two people in one record: either of them may be meant. #}
                when names_two_people
                then null
                {# Addresses say more than their hashes. #}
                when key_type = 'email' or (key_type = 'email_hash' and not has_both_emails)
                then
                    case
                        when is_given_same
                        then key_type || '_name'
                        when is_given_missing and (is_family_same or is_family_missing)
                        then key_type
                    end
                when not is_given_same
                then null
                when key_type = 'phone' and (is_family_same or is_birth_same)
                then 'phone_name'
                when key_type in ('family_birth_date', 'given_birth_date') and is_family_same
                then 'name_birth_date'
                when key_type in ('name_postcode', 'postcode_birth_date')
                then key_type
            end as link_rule
        from compared

    ),

    linked as (

        select
            left_record_id,
            right_record_id,
            link_rule,
            case
                when key_type = 'phone'
                then 'phone ' || key_value || ', name ' || person_name
                when link_rule = 'name_birth_date'
                then
                    'name '
                    || person_name
                    || ', born '
                    || cast(birth_date as {{ dbt.type_string() }})
                when key_type = 'name_postcode'
                then 'name ' || person_name || ', postcode ' || postal_code
                when key_type = 'postcode_birth_date'
                then
                    'postcode '
                    || postal_code
                    || ', born '
                    || cast(birth_date as {{ dbt.type_string() }})
                    || ', name '
                    || person_name
                when key_type = 'company_postcode'
                then 'company ' || company_name || ', postcode ' || postal_code
                when key_type = 'company_website'
                then 'company and website ' || key_value
                else key_type || ' ' || key_value
            end as evidence
        from judged
        where link_rule is not null

    )

select
    left_record_id,
    right_record_id,
    link_rule,
    min({{ byte_order("evidence") }}) as evidence,
    cast(
        case
            {% for rule, strength in rule_strengths().items() %}
                when link_rule = '{{ rule }}' then {{ strength }}
            {% endfor %}
        end as {{ dbt.type_int() }}
    ) as strength
from linked
group by left_record_id, right_record_id, link_rule
