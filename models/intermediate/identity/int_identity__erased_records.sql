{{ config(enabled=offers_entity("customers")) }}

{#- What a new record of an erased person is known by. -#}
{%- set known_by = [
    ("record", "record_id"),
    ("email", "email"),
    ("email_hash", "email_hash"),
    ("phone", "phone"),
    ("phone", "other_phone"),
    ("loyalty_id", "loyalty_id"),
    ("crm_id", "crm_id"),
    ("tax_id", "tax_id"),
] -%}

with

    offered_rows as (select * from {{ ref("int_identity__offered_rows") }}),

    erasures as (select * from {{ ref("fitted_erasures") }}),

    salts as ({{ erasure_salts() }}),

    known_columns as (

        {% for tombstone_type, column in known_by %}
            select '{{ tombstone_type }}' as tombstone_type, '{{ column }}' as column_name
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- None before the first erasure: then no record is looked at. -#}
    looked_at as (

        select tombstone_type, column_name
        from known_columns
        where tombstone_type in (select tombstone_type from erasures)

    ),

    named as (

        select
            offered_rows.source_name,
            offered_rows.source_record_id,
            looked_at.tombstone_type,
            case
                {%- for _, column in known_by %}
                    when looked_at.column_name = '{{ column }}' then offered_rows.{{ column }}
                {%- endfor %}
            end as value
        from offered_rows
        cross join looked_at

    ),

    hashed as (

        select
            named.tombstone_type,
            {{ record_tombstone("named.source_name", "named.source_record_id", "salts.salt") }}
            as record_tombstone,
            {{ tombstone("named.tombstone_type", "named.value", "salts.salt") }} as tombstone
        from named
        cross join salts
        where named.value is not null

    ),

    found as (

        select hashed.record_tombstone as tombstone
        from hashed
        inner join
            erasures
            on hashed.tombstone_type = erasures.tombstone_type
            and hashed.tombstone = erasures.tombstone
        where hashed.record_tombstone is not null

    )

select tombstone
from found
union
select tombstone
from erasures
where tombstone_type = 'record'
