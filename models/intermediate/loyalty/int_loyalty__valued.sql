{#- What each customer buys and earns us, beside how loyal they are: what groups of customers add up. -#}
with

    loyalty as (select * from {{ ref("customer_loyalty") }}),

    customers as (select * from {{ ref("customers") }})
    {% if has_costs() %}, profits as (select * from {{ ref("customer_profit") }}) {% endif %}

select
    loyalty.as_of_date,
    loyalty.customer_id,
    loyalty.loyalty_cell,
    loyalty.advocacy_band,
    loyalty.health,
    loyalty.continuing,
    loyalty.product_line_count,
    loyalty.full_price_amount,
    loyalty.priced_amount,
    customers.order_count,
    customers.revenue_amount,
    {% if has_costs() -%} profits.profit_measure, profits.profit_amount
    {%- else -%}
        cast('net_revenue' as {{ dbt.type_string() }}) as profit_measure,
        customers.revenue_amount as profit_amount
    {%- endif %}
from loyalty
inner join customers on loyalty.customer_id = customers.customer_id
{% if has_costs() %} left join profits on loyalty.customer_id = profits.customer_id {% endif %}
