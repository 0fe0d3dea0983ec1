{#- A view: people that staging does not know to be erased are still in it (int_identity__record_rows leaves them out). -#}
{{ config(materialized="view", enabled=offers_entity("customers")) }}

{#- What customers and accounts have, each null where one of them does not. -#}
{%- set columns = {
    "full_name": dbt.type_string(),
    "first_name": dbt.type_string(),
    "last_name": dbt.type_string(),
    "company_name": dbt.type_string(),
    "email": dbt.type_string(),
    "email_sha256": dbt.type_string(),
    "phone": dbt.type_string(),
    "other_phone": dbt.type_string(),
    "street": dbt.type_string(),
    "postal_code": dbt.type_string(),
    "city": dbt.type_string(),
    "country_code": dbt.type_string(),
    "birth_date": "date",
    "birth_year": dbt.type_int(),
    "loyalty_id": dbt.type_string(),
    "crm_id": dbt.type_string(),
    "tax_id": dbt.type_string(),
    "account_record_id": dbt.type_string(),
    "website": dbt.type_string(),
    "created_at": dbt.type_timestamp(),
    "updated_at": dbt.type_timestamp(),
    "quarantine_reason": dbt.type_string(),
} -%}
{%- set missing_in = {
    "customers": ["company_name", "website"],
    "accounts": [
        "full_name",
        "first_name",
        "last_name",
        "email_sha256",
        "other_phone",
        "birth_date",
        "birth_year",
        "loyalty_id",
        "crm_id",
        "account_record_id",
    ],
} -%}
{%- set order_sources = [] -%}
{%- for source_name, entities in var("rfm_sources").items() -%}
    {%- if "orders" in entities and "customers" not in entities -%}
        {%- do order_sources.append(source_name) -%}
    {%- endif -%}
{%- endfor -%}

with

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    calling_codes as (select * from {{ ref("calling_codes") }}),

    given_names as (select * from {{ ref("given_names") }}),

    full_names as (select distinct canonical_name from given_names),

    source_register as (select * from {{ ref("source_register") }}),

    junk_identifiers as (select * from {{ ref("junk_identifiers") }}),

    junk_names as (select pattern from junk_identifiers where identifier_type = 'name'),

    junk_birth_dates as (

        select cast(pattern as date) as birth_date
        from junk_identifiers
        where identifier_type = 'birth_date'

    ),

    {% for entity, missing in missing_in.items() if offers_entity(entity) %}
        {%- set offered = ["source_record_id"] -%}
        {%- for column in columns if column not in missing -%}
            {%- do offered.append(column) -%}
        {%- endfor -%}
        {{ entity }} as ({{ union_sources(entity, offered) }}),
    {% endfor %}

    {% if order_sources %}
        {# A system that only has orders knows a customer by number alone. #}
        numbers as (

            select source_name, source_customer_id, min(ordered_at) as created_at
            from {{ ref("int_orders__unioned") }}
            where
                quarantine_reason is null and source_name in ('{{ order_sources | join("', '") }}')
            group by source_name, source_customer_id

        ),
    {% endif %}

    stacked as (

        {% for entity, missing in missing_in.items() if offers_entity(entity) %}
            {% if not loop.first %}
                union all
            {% endif %}
            select
                source_name,
                source_record_id,
                '{{ "person" if entity == "customers" else "company" }}' as entity_type,
                {% for column, type in columns.items() %}
                    {% if column in missing %} cast(null as {{ type }}) as {{ column }}
                    {% else %} {{ column }}
                    {% endif %} {{ "," if not loop.last }}
                {% endfor %}
            from {{ entity }}
        {% endfor %}
        {% if order_sources %}
            union all
            select
                source_name,
                source_customer_id,
                'person',
                {% for column, type in columns.items() %}
                    {% if column == "created_at" %} created_at
                    {% else %} cast(null as {{ type }})
                    {% endif %} {{ "," if not loop.last }}
                {% endfor %}
            from numbers
        {% endif %}

    ),

    {# A record made on or after the as-of date does not exist yet. #}
    existing as (

        select
            stacked.*,
            as_of_dates.as_of_date,
            case
                when stacked.quarantine_reason is not null
                then stacked.quarantine_reason
                when stacked.source_record_id is null
                then 'record_id_missing'
            end as rejection
        from stacked
        left join as_of_dates on 1 = 1
        where
            coalesce(stacked.quarantine_reason, '') <> 'customer_erased'
            and (
                as_of_dates.as_of_date is null
                or stacked.created_at is null
                or {{ to_reporting_date("stacked.created_at") }} < as_of_dates.as_of_date
            )

    ),

    repeated as (

        select source_name, source_record_id
        from existing
        where rejection is null
        group by source_name, source_record_id
        having count(*) > 1

    ),

    cleaned as (

        select
            existing.*,
            repeated.source_record_id is not null and existing.rejection is null as is_repeated,
            lower(trim(existing.email)) as email_text,
            {{ clean_phone("existing.phone") }} as clean_phone,
            {{ clean_phone("existing.other_phone") }} as clean_other_phone,
            upper(existing.country_code) as country,
            coalesce(
                {{ names_two_people("coalesce(existing.first_name, existing.full_name)") }}, false
            ) as names_two_people,
            case
                when
                    existing.last_name is null
                    and (existing.full_name is not null or existing.first_name like '% %')
                then {{ name_words("coalesce(existing.full_name, existing.first_name)") }}
            end as whole_name,
            {{ name_words("existing.first_name") }} as given_words
        from existing
        left join
            repeated
            on existing.source_name = repeated.source_name
            and existing.source_record_id = repeated.source_record_id

    ),

    {# One field for the whole name: Family, Given or Given Family. #}
    named as (

        select
            cleaned.*,
            case
                when cleaned.whole_name like '%,%'
                then nullif(trim({{ replace_pattern("cleaned.whole_name", "^[^,]*,", "") }}), '')
                when cleaned.whole_name like '% %'
                then {{ replace_pattern("cleaned.whole_name", " [^ ]+$", "") }}
                else cleaned.given_words
            end as given_name,
            case
                when cleaned.whole_name like '%,%'
                then nullif(trim({{ replace_pattern("cleaned.whole_name", ",.*$", "") }}), '')
                when cleaned.whole_name like '% %'
                then {{ replace_pattern("cleaned.whole_name", "^.* ", "") }}
                else cleaned.last_name
            end as family_name,
            {{ normalise_email("cleaned.email_text") }} as normal_email,
            calling_codes.calling_code,
            coalesce(calling_codes.trunk_prefix, '') as trunk_prefix
        from cleaned
        left join
            calling_codes
            on calling_codes.country_code
            = coalesce(cleaned.country, '{{ var("rfm_identity_default_country") }}')

    ),

    dialled as (

        select
            *,
            {{ dial_phone("clean_phone", "calling_code", "trunk_prefix") }} as dialled_phone,
            {{ dial_phone("clean_other_phone", "calling_code", "trunk_prefix") }}
            as dialled_other_phone,
            case when not names_two_people then {{ given_key("given_name") }} end as given_key,
            case when entity_type = 'person' then {{ family_key("family_name") }} end as family_key
        from named

    )

select
    dialled.source_name || ':' || dialled.source_record_id as record_id,
    dialled.source_name,
    dialled.source_record_id,
    dialled.entity_type,
    dialled.full_name,
    dialled.company_name,
    dialled.given_name as first_name,
    dialled.family_name as last_name,
    dialled.normal_email as email,
    case
        when dialled.normal_email is not null
        then {{ sha256_hex("dialled.email_text") }}
        when {{ matches_pattern("lower(trim(dialled.email_sha256))", "^[0-9a-f]{64}$") }}
        then lower(trim(dialled.email_sha256))
    end as email_hash,
    {{ valid_phone("dialled.dialled_phone") }} as phone,
    {{ valid_phone("dialled.dialled_other_phone") }} as other_phone,
    dialled.street,
    dialled.postal_code,
    dialled.city,
    dialled.country as country_code,
    case
        when junk_birth_dates.birth_date is null and dialled.birth_date < dialled.as_of_date
        then dialled.birth_date
    end as birth_date,
    cast(
        coalesce(
            case
                when junk_birth_dates.birth_date is null and dialled.birth_date < dialled.as_of_date
                then extract(year from dialled.birth_date)
            end,
            dialled.birth_year
        ) as {{ dbt.type_int() }}
    ) as birth_year,
    {{ identifier_key("dialled.tax_id", 6) }} as tax_id,
    {{ identifier_key("dialled.loyalty_id", 4) }} as loyalty_id,
    {{ identifier_key("dialled.crm_id") }} as crm_id,
    dialled.source_name || ':' || dialled.account_record_id as account_record_id,
    coalesce(source_register.priority, 1000) as source_priority,
    dialled.created_at,
    dialled.updated_at,
    case
        when junk_given_names.pattern is null
        then coalesce(given_names.canonical_name, dialled.given_key)
    end as given_name_key,
    case when junk_given_names.pattern is null then dialled.given_key end as given_name_word,
    given_names.nickname is not null
    or full_names.canonical_name is not null as is_given_name_listed,
    coalesce(
        junk_given_names.pattern is null and length(dialled.given_key) > 1, false
    ) as is_given_name_full,
    dialled.names_two_people,
    case when junk_family_names.pattern is null then dialled.family_key end as family_name_key,
    {{ company_key("dialled.company_name") }} as company_name_key,
    nullif(
        {{ replace_pattern("lower(dialled.website)", "^(https?://)?(www[.])?|[/?:#].*$", "") }}, ''
    ) as website_domain,
    {{ postal_code_key("dialled.postal_code", "dialled.country") }} as postal_key,
    {{ street_address_key("dialled.street") }} as street_key,
    dialled.is_repeated,
    dialled.rejection as quarantine_reason
from dialled
left join source_register on dialled.source_name = source_register.source_name
left join given_names on dialled.given_key = given_names.nickname
left join full_names on dialled.given_key = full_names.canonical_name
left join junk_names as junk_given_names on dialled.given_key = junk_given_names.pattern
left join junk_names as junk_family_names on dialled.family_key = junk_family_names.pattern
left join junk_birth_dates on dialled.birth_date = junk_birth_dates.birth_date
