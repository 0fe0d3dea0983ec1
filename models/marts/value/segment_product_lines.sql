{{ config(enabled=offers_entity("order_lines")) }}

with

    order_lines as (select * from {{ ref("order_lines") }}),

    orders as (select customer_id, revenue_amount from {{ ref("orders") }}),

    customers as (

        select
            customers.as_of_date,
            customers.customer_id,
            coalesce(customer_rfm.rfm_segment, 'No order in the window') as rfm_segment
        from {{ ref("customers") }} as customers
        left join
            {{ ref("customer_rfm") }} as customer_rfm
            on customers.customer_id = customer_rfm.customer_id

    ),

    {#- Each order once for each product line in it. -#}
    order_product_lines as (

        select
            customer_id,
            source_name,
            order_id,
            coalesce(product_line, 'not told') as product_line,
            sum(quantity) as quantity,
            sum(amount) as amount
        from order_lines
        group by customer_id, source_name, order_id, coalesce(product_line, 'not told')

    ),

    customer_product_lines as (

        select
            customer_id,
            product_line,
            count(*) as order_count,
            sum(quantity) as quantity,
            sum(amount) as amount
        from order_product_lines
        group by customer_id, product_line

    ),

    told as (

        select
            customers.as_of_date,
            customers.rfm_segment,
            customer_product_lines.product_line,
            count(*) as customer_count,
            sum(customer_product_lines.order_count) as order_count,
            sum(customer_product_lines.quantity) as quantity,
            sum(customer_product_lines.amount) as revenue_amount
        from customer_product_lines
        inner join customers on customer_product_lines.customer_id = customers.customer_id
        group by customers.as_of_date, customers.rfm_segment, customer_product_lines.product_line

    ),

    {#- Orders without lines, shipping, money given back on a whole order: with it the sum is net revenue. -#}
    revenues as (

        select
            customers.as_of_date,
            customers.rfm_segment,
            sum(orders.revenue_amount) as revenue_amount
        from orders
        inner join customers on orders.customer_id = customers.customer_id
        group by customers.as_of_date, customers.rfm_segment

    ),

    told_revenues as (

        select rfm_segment, sum(revenue_amount) as revenue_amount from told group by rfm_segment

    ),

    rest as (

        select
            revenues.as_of_date,
            revenues.rfm_segment,
            revenues.revenue_amount - coalesce(told_revenues.revenue_amount, 0) as revenue_amount
        from revenues
        left join told_revenues on revenues.rfm_segment = told_revenues.rfm_segment

    )

select
    as_of_date,
    cast(rfm_segment as {{ dbt.type_string() }}) as rfm_segment,
    cast(product_line as {{ dbt.type_string() }}) as product_line,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(quantity as {{ dbt.type_bigint() }}) as quantity,
    cast(revenue_amount as {{ type_money() }}) as revenue_amount
from told
union all
select
    as_of_date,
    cast(rfm_segment as {{ dbt.type_string() }}),
    'outside lines',
    cast(null as {{ dbt.type_bigint() }}),
    cast(null as {{ dbt.type_bigint() }}),
    cast(null as {{ dbt.type_bigint() }}),
    cast(revenue_amount as {{ type_money() }})
from rest
where revenue_amount <> 0
