{{ config(enabled=has_costs()) }}

{#- Parts that are the same hundredth of a per cent count as equal: then there are few to rank, however many the
    customers. -#}
with

    buyers as (select * from {{ ref("int_profit__buyers") }}),

    cause_totals as (select * from {{ ref("int_profit__cause_totals") }} where is_known),

    steps as (

        {% for name, cause in profit_causes().items() -%}
            select
                '{{ name }}' as cause,
                {{ share_step(cause.amount, "(" ~ cause.base ~ ")") }} as share_step,
                count(*) as customer_count
            from buyers
            where {{ cause.amount }} > 0 and {{ cause.base }} > 0
            group by {{ share_step(cause.amount, "(" ~ cause.base ~ ")") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    )

{#- Whoever has none of a cost lies below everyone who has. -#}
select
    cast(steps.cause as {{ dbt.type_string() }}) as cause,
    steps.share_step,
    cast(
        cause_totals.customer_count - sum(steps.customer_count) over (
            partition by steps.cause order by steps.share_step desc
        ) as {{ type_double() }}
    )
    / cast(cause_totals.customer_count as {{ type_double() }}) as percentile
from steps
inner join cause_totals on steps.cause = cause_totals.cause
