{#- A view, and not added up: whoever reads it adds up anyway. -#}
{{ config(materialized="view", enabled=has_costs()) }}

with

    movements as (select * from {{ ref("int_profit__movements") }}),

    costs as (

        select
            customer_id,
            movement_date,
            {%- for margin in [1, 2, 3] %}
                cast({{ margin_cost(margin) }} as {{ type_money() }}) as cm{{ margin }}_cost_amount
                {{- "," if not loop.last }}
            {%- endfor %}
        from movements

    )

select *
from costs
where cm1_cost_amount <> 0 or cm2_cost_amount <> 0 or cm3_cost_amount <> 0
