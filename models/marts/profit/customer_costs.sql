{{ config(enabled=has_costs()) }}

{%- set double = type_double() -%}

with

    buyers as (select * from {{ ref("int_profit__buyers") }}),

    cause_totals as (select * from {{ ref("int_profit__cause_totals") }} where is_known),

    percentiles as (select * from {{ ref("int_profit__cause_percentiles") }}),

    costs as (

        {% for name, cause in profit_causes().items() -%}
            select
                as_of_date,
                customer_id,
                '{{ name }}' as cause,
                {{ cause.amount }} as amount,
                case when {{ cause.base }} > 0 then {{ cause.base }} end as base_amount,
                {{ share_step(cause.amount, "(" ~ cause.base ~ ")") }} as share_step
            from buyers
            where {{ cause.amount }} > 0
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    standing_out as (

        select
            costs.*,
            percentiles.percentile,
            cast(costs.base_amount as {{ double }})
            * cast(cause_totals.amount as {{ double }})
            / cast(cause_totals.base_amount as {{ double }}) as usual_amount
        from costs
        inner join cause_totals on costs.cause = cause_totals.cause
        left join
            percentiles
            on costs.cause = percentiles.cause
            and costs.share_step = percentiles.share_step
        where
            costs.share_step is null
            or percentiles.percentile
            >= {{ double_literal(var("rfm_profit_stand_out_percentile")) }}
            - {{ double_literal(1e-9) }}

    )

select
    as_of_date,
    customer_id,
    cast(cause as {{ dbt.type_string() }}) as cause,
    cast(amount as {{ type_money() }}) as amount,
    {{ double_to_money("cast(amount as " ~ double ~ ") - coalesce(usual_amount, 0)") }}
    as excess_amount,
    cast(amount as {{ double }}) / cast(base_amount as {{ double }}) as share_of_sales,
    percentile
from standing_out
