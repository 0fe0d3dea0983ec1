{#- docs/profit.md has the formula. -#}
{%- set double = type_double() -%}

with

    rfm as (select as_of_date, customer_id, rfm_segment from {{ ref("customer_rfm") }}),

    ltv as (select customer_id, alive_probability, margin_rate from {{ ref("customer_ltv") }}),

    customer_periods as (
        select customer_id, revenue_amount from {{ ref("int_value__customer_periods") }}
    ),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    customers as (

        select
            rfm.as_of_date,
            rfm.customer_id,
            rfm.rfm_segment,
            coalesce(customer_periods.revenue_amount, 0) as current_amount,
            ltv.alive_probability,
            {# Revenue is its own margin where no cost is known; who loses money gains nothing by buying more. #}
            greatest(coalesce(ltv.margin_rate, 1), 0) as margin_rate
        from rfm
        inner join ltv on rfm.customer_id = ltv.customer_id
        left join customer_periods on rfm.customer_id = customer_periods.customer_id
        left join excluded on rfm.customer_id = excluded.customer_id
        where excluded.customer_id is null

    ),

    placed as (

        select
            rfm_segment,
            current_amount,
            cume_dist() over (partition by rfm_segment order by current_amount) as reached_share
        from customers

    ),

    {#- What the best of those who are alike spend: the least that so many of them do not exceed. -#}
    potentials as (

        select rfm_segment, min(current_amount) as potential_amount
        from placed
        where reached_share >= {{ share_setting("rfm_opportunity_percentile") }} - 1e-12
        group by rfm_segment

    ),

    weighed as (

        select
            customers.*,
            potentials.potential_amount,
            {{
                double_to_money(
                    "cast(potentials.potential_amount - customers.current_amount as "
                    ~ double
                    ~ ") * customers.alive_probability * customers.margin_rate"
                )
            }} as opportunity_amount
        from customers
        inner join potentials on customers.rfm_segment = potentials.rfm_segment
        where potentials.potential_amount > customers.current_amount

    )

select
    as_of_date,
    cast(
        rank() over (order by opportunity_amount desc) as {{ dbt.type_bigint() }}
    ) as opportunity_rank,
    customer_id,
    rfm_segment,
    cast(current_amount as {{ type_money() }}) as current_amount,
    cast(potential_amount as {{ type_money() }}) as potential_amount,
    alive_probability,
    cast(margin_rate as {{ double }}) as margin_rate,
    opportunity_amount
from weighed
where opportunity_amount > 0
