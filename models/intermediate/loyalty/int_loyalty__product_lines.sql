{{ config(enabled=offers_entity("order_lines")) }}

{#- The lines of orders, added up once: all that loyalty knows of them comes from here. -#}
with lines as (select * from {{ ref("int_loyalty__priced_lines") }})

select
    customer_id,
    product_line,
    {# What was given away is not bought. #}
    min(order_date) filter (where amount > 0) as first_bought_date,
    cast(sum(amount) as {{ type_money() }}) as amount,
    cast(sum(case when is_priced then amount end) as {{ type_money() }}) as priced_amount,
    cast(
        sum(
            case when is_priced and discount_amount = 0 then amount when is_priced then 0 end
        ) as {{ type_money() }}
    ) as full_price_amount,
    sum(case when is_priced then quantity end) as priced_unit_count,
    sum(
        case when is_priced and discount_amount = 0 then quantity when is_priced then 0 end
    ) as full_price_unit_count,
    cast(sum(case when is_priced then list_amount end) as {{ type_money() }}) as list_amount,
    cast(sum(case when is_priced then discount_amount end) as {{ type_money() }}) as discount_amount
from lines
group by customer_id, product_line
