{{ config(enabled=offers_entity("order_lines")) }}

{#- What customers of a product line buy next: of those who had not bought the next line when they first bought this
    one, how many have since. A pair few could have made leans on how often the next line is taken up at all. -#}
{%- set double = type_double() -%}
{%- set prior = double_literal(var("rfm_loyalty_next_line_prior")) -%}

with

    held as (

        select customer_id, product_line, first_bought_date, amount
        from {{ ref("int_loyalty__product_lines") }}
        where product_line is not null and first_bought_date is not null and amount > 0

    ),

    lines as (

        select
            product_line,
            count(*) as holder_count,
            cast(sum(amount) as {{ double }}) / count(*) as mean_amount
        from held
        group by product_line

    ),

    together as (

        select
            this_line.product_line,
            next_line.product_line as next_product_line,
            count(*) filter (
                where next_line.first_bought_date > this_line.first_bought_date
            ) as taker_count,
            count(*) filter (
                where next_line.first_bought_date <= this_line.first_bought_date
            ) as earlier_count
        from held as this_line
        inner join
            held as next_line
            on this_line.customer_id = next_line.customer_id
            and this_line.product_line <> next_line.product_line
        group by this_line.product_line, next_line.product_line

    ),

    pairs as (

        select
            this_line.product_line,
            next_line.product_line as next_product_line,
            this_line.holder_count - coalesce(together.earlier_count, 0) as without_count,
            coalesce(together.taker_count, 0) as taker_count,
            next_line.mean_amount
        from lines as this_line
        inner join lines as next_line on this_line.product_line <> next_line.product_line
        left join
            together
            on this_line.product_line = together.product_line
            and next_line.product_line = together.next_product_line

    ),

    usual as (

        select
            next_product_line,
            sum(taker_count)
            / cast(nullif(sum(without_count), 0) as {{ double }}) as usual_propensity
        from pairs
        group by next_product_line

    )

select
    pairs.product_line,
    pairs.next_product_line,
    cast(pairs.without_count as {{ dbt.type_bigint() }}) as without_count,
    cast(pairs.taker_count as {{ dbt.type_bigint() }}) as taker_count,
    usual.usual_propensity,
    (pairs.taker_count + {{ prior }} * usual.usual_propensity)
    / (pairs.without_count + {{ prior }}) as propensity,
    pairs.mean_amount
from pairs
inner join usual on pairs.next_product_line = usual.next_product_line
where usual.usual_propensity > 0
