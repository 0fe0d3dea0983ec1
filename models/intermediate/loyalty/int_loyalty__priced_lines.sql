{{ config(materialized="view", enabled=offers_entity("order_lines")) }}

{#- What each line cost before and what was given off. A price that everyone paid is the price: where enough
    customers bought a product of a source on a day and none without a discount, nobody got one. -#}
{%- set common_from = var("rfm_loyalty_common_price_buyers") | int -%}

with

    order_lines as (select * from {{ ref("order_lines") }}),

    lines as (

        select
            source_name,
            customer_id,
            order_date,
            product_id,
            product_line,
            quantity,
            amount,
            coalesce(list_amount, amount + discount_amount) as list_amount,
            coalesce(discount_amount, list_amount - amount) as discount_amount
        from order_lines
        where amount >= 0 and coalesce(quantity, 0) >= 0

    )
    {% if common_from > 0 %}
        ,

        {#- Most days of a product have few lines: buyers are counted only where there are enough. -#}
        reduced_days as (

            select source_name, product_id, order_date
            from lines
            where product_id is not null
            group by source_name, product_id, order_date
            having count(*) >= {{ common_from }} and bool_and(coalesce(discount_amount > 0, false))

        ),

        common_days as (

            select lines.source_name, lines.product_id, lines.order_date
            from lines
            inner join
                reduced_days
                on lines.source_name = reduced_days.source_name
                and lines.product_id = reduced_days.product_id
                and lines.order_date = reduced_days.order_date
            where lines.discount_amount > 0
            group by lines.source_name, lines.product_id, lines.order_date
            having count(distinct lines.customer_id) >= {{ common_from }}

        )
    {% endif %}

select
    lines.customer_id,
    lines.order_date,
    lines.product_line,
    lines.quantity,
    lines.amount,
    lines.discount_amount is not null as is_priced,
    {# What costs more than listed is not reduced. A coupon may be a line of its own, with no price. #}
    cast(
        case
            {%- if common_from > 0 %} when common_days.product_id is not null then 0 {%- endif %}
            when lines.discount_amount <= 0
            then 0
            else lines.discount_amount
        end as {{ type_money() }}
    ) as discount_amount,
    cast(
        case
            when
                lines.discount_amount <= 0
                {%- if common_from > 0 %} or common_days.product_id is not null {%- endif %}
            then lines.amount
            else lines.list_amount
        end as {{ type_money() }}
    ) as list_amount
from lines
{% if common_from > 0 %}
    left join
        common_days
        on lines.source_name = common_days.source_name
        and lines.product_id = common_days.product_id
        and lines.order_date = common_days.order_date
{% endif %}
