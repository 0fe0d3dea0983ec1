with

    counts as (

        select
            (select count(*) from {{ ref("customers") }} where order_count > 0) as customer_count,
            (select count(*) from {{ ref("customer_value") }}) as valued_count,
            (
                select coalesce(sum(customer_count), 0) from {{ ref("value_cell_summary") }}
            ) as in_cells_count

    )

select *
from counts
where customer_count <> valued_count or customer_count <> in_cells_count
