{{ config(enabled=offers_entity("customers")) }}

with

    repeated_rows as (select * from {{ ref("int_identity__record_rows") }} where is_repeated),

    ranked as (

        select
            {{ record_columns() | join(", ") }},
            row_number() over (
                partition by record_id
                order by
                    updated_at desc nulls last,
                    created_at desc nulls last
                    {# Rows of one moment: any order will do that is always the same. #}
                    {%- for column in record_columns()[3:22] -%}
                        ,
                        {% if column in ("birth_date", "birth_year") -%} {{ column }} nulls last
                        {%- else -%} {{ byte_order(column) }} nulls last
                        {%- endif %}
                    {%- endfor %}
            ) as row_rank
        from repeated_rows

    ),

    latest as (select * from ranked where row_rank = 1),

    {# A number given to someone else later. A new family name alone is no other person when anything else says so. #}
    reused as (

        select distinct ranked.record_id
        from ranked
        inner join latest on ranked.record_id = latest.record_id
        where
            ranked.entity_type <> latest.entity_type
            or {{ given_names_conflict("ranked", "latest") }}
            or {{ birth_dates_conflict("ranked", "latest") }}
            or (
                ranked.family_name_key <> latest.family_name_key
                and not {{ family_names_agree("ranked", "latest") }}
                and not coalesce(ranked.birth_date = latest.birth_date, false)
                and not coalesce(ranked.email = latest.email, false)
                and not coalesce(ranked.phone = latest.phone, false)
            )
            or (
                ranked.company_name_key <> latest.company_name_key
                and not coalesce(ranked.tax_id = latest.tax_id, false)
            )

    )

select
    {% for column in record_columns() %} ranked.{{ column }}, {% endfor %}
    ranked.row_rank,
    case when reused.record_id is not null then 'record_id_reused' end as quarantine_reason
from ranked
left join reused on ranked.record_id = reused.record_id
