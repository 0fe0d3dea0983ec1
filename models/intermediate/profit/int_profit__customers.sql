{{ config(enabled=has_costs()) }}

{%- set earlier = range(1, tier_dates() + 1) | list -%}

with

    movements as (select * from {{ ref("int_profit__movements") }}),

    ranked_dates as (

        select as_of_date, row_number() over (order by as_of_date desc) - 1 as dates_back
        from {{ ref("int_time__as_of_dates") }}

    ),

    {#- One row: the as-of dates that a better tier is kept from. -#}
    as_of_dates as (

        select
            max(case when dates_back = 0 then as_of_date end) as as_of_date
            {%- for back in earlier %}
                ,
                max(case when dates_back = {{ back }} then as_of_date end) as as_of_date_{{ back }}
            {%- endfor %}
        from ranked_dates

    )

select
    max(as_of_dates.as_of_date) as as_of_date,
    movements.customer_id
    {%- for column, type in movement_columns().items() %}
        , cast(sum(movements.{{ column }}) as {{ type }}) as {{ column }}
    {%- endfor %}
    {%- for back in earlier %}
        {%- set was_known = "movements.movement_date < as_of_dates.as_of_date_" ~ back %},
        cast(
            sum(movements.net_sales_amount) filter (where {{ was_known }}) as {{ type_money() }}
        ) as net_sales_amount_{{ back }}
        {%- for margin in [1, 2, 3] %}
            ,
            cast(
                sum({{ margin_cost(margin) }}) filter (where {{ was_known }}) as {{ type_money() }}
            ) as cm{{ margin }}_cost_amount_{{ back }}
        {%- endfor %},
        count(*) filter (where {{ was_known }}) as movement_count_{{ back }}
    {%- endfor %}
from movements
cross join as_of_dates
group by movements.customer_id
