{{ config(enabled=offers_entity("customers")) }}

with

    decisions as (select * from {{ ref("identity_decisions") }} where revoked_on is null),

    ordered as (

        select
            decision_type,
            reason,
            decided_on,
            case
                when {{ byte_order("left_record_id") }} < {{ byte_order("right_record_id") }}
                then left_record_id
                else right_record_id
            end as left_record_id,
            case
                when {{ byte_order("left_record_id") }} < {{ byte_order("right_record_id") }}
                then right_record_id
                else left_record_id
            end as right_record_id
        from decisions
        where left_record_id <> right_record_id

    ),

    {#- Keeping apart wins: two customers too many do less harm than two people in one. -#}
    ranked as (

        select
            *,
            row_number() over (
                partition by left_record_id, right_record_id
                order by
                    case when decision_type = 'force_split' then 0 else 1 end,
                    decided_on desc,
                    {{ byte_order("reason") }}
            ) as decision_rank
        from ordered

    )

select
    cast(left_record_id as {{ dbt.type_string() }}) as left_record_id,
    cast(right_record_id as {{ dbt.type_string() }}) as right_record_id,
    cast(decision_type as {{ dbt.type_string() }}) as decision_type,
    cast(reason as {{ dbt.type_string() }}) as reason
from ranked
where decision_rank = 1
