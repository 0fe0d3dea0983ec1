with

    customers as (select * from {{ ref("customer_value") }}),

    value_cells as (select * from {{ ref("value_cells") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    cells as (

        select
            value_cell,
            count(*) as customer_count,
            sum(past_value_amount) as past_value_amount,
            sum(future_value_amount) as future_value_amount
        from customers
        group by value_cell

    )

select
    as_of_dates.as_of_date,
    cast(value_cells.value_cell as {{ dbt.type_string() }}) as value_cell,
    cast(value_cells.past_score as {{ dbt.type_int() }}) as past_score,
    cast(value_cells.future_score as {{ dbt.type_int() }}) as future_score,
    cast(coalesce(cells.customer_count, 0) as {{ dbt.type_bigint() }}) as customer_count,
    cast(coalesce(cells.past_value_amount, 0) as {{ type_money() }}) as past_value_amount,
    cast(coalesce(cells.future_value_amount, 0) as {{ type_money() }}) as future_value_amount,
    cast(value_cells.value_strategy as {{ dbt.type_string() }}) as value_strategy,
    cast(value_cells.strategy_aim as {{ dbt.type_string() }}) as strategy_aim
from value_cells
cross join as_of_dates
left join cells on value_cells.value_cell = cells.value_cell
