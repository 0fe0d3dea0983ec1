{{ config(enabled=has_costs()) }}

with

    buyers as (select * from {{ ref("int_profit__buyers") }}),

    cause_totals as (select * from {{ ref("int_profit__cause_totals") }} where is_known),

    amounts as (

        {% for name, cause in profit_causes().items() -%}
            select
                as_of_date,
                customer_id,
                '{{ name }}' as cause,
                {{ cause.amount }} as amount,
                {{ cause.base }} as base_amount
            from buyers
            where {{ cause.amount }} > 0
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- Shares a hundredth of a per cent apart count as equal: then there are few to rank. -#}
    weighed as (

        select
            amounts.*,
            case
                when amounts.base_amount > 0
                then
                    cast(amounts.amount as {{ type_double() }})
                    / cast(amounts.base_amount as {{ type_double() }})
            end as share_of_sales,
            case
                when amounts.base_amount > 0
                then
                    floor(
                        10000 * (
                            cast(amounts.amount as {{ type_double() }})
                            / cast(amounts.base_amount as {{ type_double() }})
                        )
                    )
            end as share_step
        from amounts

    ),

    steps as (

        select cause, share_step, count(*) as customer_count
        from weighed
        where share_step is not null
        group by cause, share_step

    ),

    {#- Whoever has none of a cost lies below everyone who has. -#}
    percentiles as (

        select
            steps.cause,
            steps.share_step,
            1 - cast(
                sum(steps.customer_count) over (
                    partition by steps.cause order by steps.share_step desc
                ) as {{ type_double() }}
            )
            / cast(cause_totals.customer_count as {{ type_double() }}) as percentile
        from steps
        inner join cause_totals on steps.cause = cause_totals.cause

    )

select
    weighed.as_of_date,
    weighed.customer_id,
    cast(weighed.cause as {{ dbt.type_string() }}) as cause,
    cast(weighed.amount as {{ type_money() }}) as amount,
    {{
        double_to_money(
            "cast(weighed.amount as "
            ~ type_double()
            ~ ") - case when weighed.base_amount > 0 then cast(weighed.base_amount as "
            ~ type_double()
            ~ ") * cast(cause_totals.amount as "
            ~ type_double()
            ~ ") / cast(cause_totals.base_amount as "
            ~ type_double()
            ~ ") else 0 end"
        )
    }} as excess_amount,
    weighed.share_of_sales,
    percentiles.percentile
from weighed
inner join cause_totals on weighed.cause = cause_totals.cause
left join
    percentiles on weighed.cause = percentiles.cause and weighed.share_step = percentiles.share_step
where
    weighed.share_step is null
    or percentiles.percentile >= {{ double_literal(var("rfm_profit_stand_out_percentile")) }} - 1e-9
