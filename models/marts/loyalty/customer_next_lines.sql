{{ config(enabled=offers_entity("order_lines")) }}

{#- docs/loyalty.md has the rule. -#}
{%- set double = type_double() -%}

with

    customers as (

        select as_of_date, customer_id, main_product_line
        from {{ ref("customer_loyalty") }}
        where main_product_line is not null

    ),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    next_lines as (select * from {{ ref("int_loyalty__next_lines") }}),

    held as (select customer_id, product_line from {{ ref("int_loyalty__product_lines") }}),

    {#- Also what was given back or away is known to the customer. -#}
    candidates as (

        select
            customers.as_of_date,
            customers.customer_id,
            next_lines.product_line,
            next_lines.next_product_line,
            next_lines.propensity,
            next_lines.usual_propensity,
            next_lines.mean_amount,
            row_number() over (
                partition by customers.customer_id
                order by
                    next_lines.propensity * next_lines.mean_amount desc,
                    {{ byte_order("next_lines.next_product_line") }}
            ) as choice
        from customers
        inner join next_lines on customers.main_product_line = next_lines.product_line
        left join
            held
            on customers.customer_id = held.customer_id
            and next_lines.next_product_line = held.product_line
        left join excluded on customers.customer_id = excluded.customer_id
        where held.customer_id is null and excluded.customer_id is null

    )

select
    as_of_date,
    customer_id,
    cast(product_line as {{ dbt.type_string() }}) as main_product_line,
    cast(next_product_line as {{ dbt.type_string() }}) as next_product_line,
    cast(propensity as {{ double }}) as propensity,
    cast(propensity / usual_propensity as {{ double }}) as lift,
    {{ double_to_money("propensity * mean_amount") }} as expected_amount
from candidates
where choice = 1
