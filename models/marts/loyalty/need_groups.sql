{#- Orders alone show no need. -#}
{{ config(enabled=is_consolidating()) }}

with

    needs as (select * from {{ ref("int_loyalty__needs") }}),

    customers as (select * from {{ ref("int_loyalty__valued") }}),

    grouped as (

        select
            customers.as_of_date,
            needs.need,
            needs.need_value,
            count(*) as customer_count,
            count(*) filter (where customers.continuing = 'continuing') as continuing_count,
            count(customers.continuing) as rhythm_count,
            sum(customers.order_count) as order_count,
            sum(customers.revenue_amount) as revenue_amount,
            sum(customers.priced_amount) as priced_amount,
            sum(customers.full_price_amount) as full_price_amount,
            sum(customers.product_line_count) as product_line_count,
            count(customers.product_line_count) as product_line_customer_count,
            max(customers.profit_measure) as profit_measure,
            sum(customers.profit_amount) as profit_amount,
            count(customers.profit_amount) as profit_customer_count
        from needs
        inner join customers on needs.customer_id = customers.customer_id
        group by customers.as_of_date, needs.need, needs.need_value

    ),

    totals as (select count(*) as customer_count from customers)

select
    grouped.as_of_date,
    grouped.need,
    grouped.need_value,
    cast(grouped.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    grouped.customer_count / cast(totals.customer_count as {{ type_double() }}) as customer_share,
    cast(grouped.order_count as {{ dbt.type_bigint() }}) as order_count,
    grouped.order_count
    / cast(grouped.customer_count as {{ type_double() }}) as orders_per_customer,
    cast(grouped.revenue_amount as {{ type_money() }}) as revenue_amount,
    case
        when grouped.order_count > 0
        then {{ divide_money("grouped.revenue_amount", "grouped.order_count") }}
    end as revenue_per_order,
    case
        when grouped.priced_amount > 0
        then
            cast(grouped.full_price_amount as {{ type_double() }})
            / cast(grouped.priced_amount as {{ type_double() }})
    end as full_price_share,
    grouped.product_line_count / cast(
        nullif(grouped.product_line_customer_count, 0) as {{ type_double() }}
    ) as product_lines_per_customer,
    grouped.continuing_count
    / cast(nullif(grouped.rhythm_count, 0) as {{ type_double() }}) as continuing_share,
    cast(grouped.profit_measure as {{ dbt.type_string() }}) as profit_measure,
    cast(grouped.profit_amount as {{ type_money() }}) as profit_amount,
    case
        when grouped.profit_customer_count > 0
        then {{ divide_money("grouped.profit_amount", "grouped.profit_customer_count") }}
    end as profit_per_customer
from grouped
cross join totals
