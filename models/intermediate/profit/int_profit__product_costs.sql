{{ config(enabled=offers_entity("product_costs")) }}

with

    {# Of two systems that differ about one day the dearer counts: never too much profit. -#}
    costs as (

        select cost_key as product_id, cost_date as valid_from_date, max(amount) as unit_cost_amount
        from {{ ref("int_profit__dated_costs") }}
        where entity = 'product_costs' and quarantine_reason is null
        group by cost_key, cost_date

    )

select
    product_id,
    valid_from_date,
    coalesce(
        lead(valid_from_date) over (partition by product_id order by valid_from_date),
        cast('9999-12-31' as date)
    ) as valid_until_date,
    unit_cost_amount
from costs
