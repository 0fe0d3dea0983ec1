{{ config(enabled=has_costs()) }}

with

    measures as (select * from {{ ref("int_value__best_measures") }}),

    profits as (select * from {{ ref("customer_profit") }})

select measures.customer_id, measures.profit_ever, profits.profit_amount
from measures
left join profits on measures.customer_id = profits.customer_id
where measures.profit_ever <> coalesce(profits.profit_amount, 0)
