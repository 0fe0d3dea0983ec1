{{ config(materialized="view", enabled=may_use_margins()) }}

{#- What a customer leaves of a unit of sales, past costs to serve included. Each leans on everyone's, as if they
    had bought so many average orders more: few orders say little, and one parcel sent back is no habit. -#}
{%- set prior_orders = double_literal(var("rfm_profit_margin_prior_orders")) -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    pooled as (

        select
            coalesce(
                cast(sum(profit_amount) as {{ type_double() }})
                / nullif(cast(sum(revenue_amount) as {{ type_double() }}), 0),
                1
            ) as margin_rate,
            greatest(cast(sum(revenue_amount) as {{ type_double() }}), 0)
            / sum(repeat_order_count + 1)
            * {{ prior_orders }} as prior_amount
        from customers

    ),

    {#- Who sent back more than they bought has costs, and no sales to spread them over. -#}
    sales as (

        select
            as_of_date,
            customer_id,
            case
                when revenue_amount > 0 then cast(revenue_amount as {{ type_double() }}) else 0
            end as sales_amount,
            cast(revenue_amount - profit_amount as {{ type_double() }}) as cost_amount
        from customers

    )

select
    sales.as_of_date,
    sales.customer_id,
    case
        when sales.sales_amount + pooled.prior_amount > 0
        then
            (sales.sales_amount - sales.cost_amount + pooled.prior_amount * pooled.margin_rate)
            / (sales.sales_amount + pooled.prior_amount)
        else pooled.margin_rate
    end as margin_rate
from sales
cross join pooled
