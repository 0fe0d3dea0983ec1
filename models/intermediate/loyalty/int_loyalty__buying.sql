{{ config(enabled=offers_entity("order_lines")) }}

with

    product_lines as (select * from {{ ref("int_loyalty__product_lines") }}),

    customers as (

        select
            customer_id,
            sum(priced_amount) as priced_amount,
            sum(full_price_amount) as full_price_amount,
            sum(priced_unit_count) as priced_unit_count,
            sum(full_price_unit_count) as full_price_unit_count,
            sum(list_amount) as list_amount,
            sum(discount_amount) as discount_amount,
            {# What was given away or brought back is no line of a customer. #}
            count(*) filter (where product_line is not null and amount > 0) as product_line_count,
            sum(amount) filter (where product_line is not null and amount > 0) as line_amount,
            {# Of decimals, so that the sum is the same in any order. #}
            sum(amount * amount) filter (
                where product_line is not null and amount > 0
            ) as squared_line_amount,
            max(amount) filter (where product_line is not null and amount > 0) as largest_amount
        from product_lines
        group by customer_id

    ),

    main_lines as (

        select
            product_lines.customer_id,
            min({{ byte_order("product_lines.product_line") }}) as main_product_line
        from product_lines
        inner join
            customers
            on product_lines.customer_id = customers.customer_id
            and product_lines.amount = customers.largest_amount
        where product_lines.product_line is not null
        group by product_lines.customer_id

    )

select
    customers.customer_id,
    main_lines.main_product_line,
    cast(customers.priced_amount as {{ type_money() }}) as priced_amount,
    cast(customers.full_price_amount as {{ type_money() }}) as full_price_amount,
    cast(customers.list_amount as {{ type_money() }}) as list_amount,
    cast(customers.discount_amount as {{ type_money() }}) as discount_amount,
    case
        when customers.priced_amount > 0
        then
            cast(customers.full_price_amount as {{ type_double() }})
            / cast(customers.priced_amount as {{ type_double() }})
    end as full_price_share,
    case
        when customers.priced_unit_count > 0
        then
            cast(customers.full_price_unit_count as {{ type_double() }})
            / cast(customers.priced_unit_count as {{ type_double() }})
    end as full_price_unit_share,
    {# Nobody gets more off than the price. #}
    case
        when customers.discount_amount > customers.list_amount
        then 1
        when customers.list_amount > 0
        then
            cast(customers.discount_amount as {{ type_double() }})
            / cast(customers.list_amount as {{ type_double() }})
    end as discount_depth,
    cast(nullif(customers.product_line_count, 0) as {{ dbt.type_int() }}) as product_line_count,
    cast(customers.squared_line_amount as {{ type_double() }}) / (
        cast(customers.line_amount as {{ type_double() }})
        * cast(customers.line_amount as {{ type_double() }})
    ) as product_concentration
from customers
left join main_lines on customers.customer_id = main_lines.customer_id
