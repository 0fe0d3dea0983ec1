{{ config(enabled=offers_entity("customers")) }}

with

    offered_rows as (select * from {{ ref("int_identity__offered_rows") }}),

    erased_records as (select * from {{ ref("int_identity__erased_records") }}),

    salts as ({{ erasure_salts() }}),

    keyed as (

        select
            offered_rows.*,
            {{
                record_tombstone(
                    "offered_rows.source_name", "offered_rows.source_record_id", "salts.salt"
                )
            }} as record_tombstone
        from offered_rows
        cross join salts

    )

select
    {#- A row without a number can neither be used nor be found again to be erased: only that it is there is told. -#}
    {%- for column in record_columns() + ["is_repeated", "quarantine_reason"] %}
        {% if column in [
            "source_name",
            "entity_type",
            "source_priority",
            "is_given_name_listed",
            "is_given_name_full",
            "names_two_people",
            "is_repeated",
            "quarantine_reason",
        ] -%}
            keyed.{{ column }}
        {%- else -%}
            case when keyed.record_id is not null then keyed.{{ column }} end as {{ column }}
        {%- endif %}
        {{- "," if not loop.last }}
    {%- endfor %}
from keyed
left join erased_records on keyed.record_tombstone = erased_records.tombstone
where erased_records.tombstone is null
