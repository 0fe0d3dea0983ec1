{{ config(enabled=is_consolidating()) }}

-- No join of the judging loses, doubles or changes a row of orders.
with

    unioned as (

        select source_name, entity, count(*) as row_count, coalesce(sum(amount), 0) as amount
        from {{ ref("int_orders__unioned") }}
        group by source_name, entity

    ),

    judged as (

        select source_name, entity, sum(row_count) as row_count, sum(original_amount) as amount
        from {{ ref("int_orders__judged_counts") }}
        group by source_name, entity

    )

select
    unioned.source_name,
    unioned.entity,
    unioned.row_count,
    unioned.amount,
    judged.row_count as judged_row_count,
    judged.amount as judged_amount
from unioned
left join judged on unioned.source_name = judged.source_name and unioned.entity = judged.entity
where
    unioned.row_count <> coalesce(judged.row_count, 0)
    or unioned.amount <> coalesce(judged.amount, 0)
