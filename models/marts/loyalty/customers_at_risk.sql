{#- The best by what they brought or will bring, from the day on which their silence is longer than their rhythm allows. -#}
{%- set late_gaps = double_literal(var("rfm_loyalty_late_gaps")) -%}

with

    late as (select * from {{ ref("customer_loyalty") }} where continuing = 'late'),

    customer_values as (
        select * from {{ ref("customer_value") }} where past_score = 5 or future_score = 5
    ),

    spend as (select * from {{ ref("allowable_spend") }}),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    earlier as (

        select max(as_of_date) as as_of_date
        from {{ ref("int_time__as_of_dates") }}
        where not is_current

    ),

    dated as (

        select
            late.as_of_date,
            late.customer_id,
            spend.rfm_segment,
            customer_values.past_value_amount,
            customer_values.future_value_amount,
            spend.value_at_risk_amount,
            spend.allowed_amount,
            late.usual_gap_days,
            late.days_since_last_order,
            {# How long ago the rule was met for the first time. #}
            greatest(
                late.days_since_last_order
                - cast(floor({{ late_gaps }} * late.usual_gap_days) as {{ dbt.type_int() }})
                - 1,
                0
            ) as late_days
        from late
        inner join customer_values on late.customer_id = customer_values.customer_id
        inner join spend on late.customer_id = spend.customer_id
        left join excluded on late.customer_id = excluded.customer_id
        where excluded.customer_id is null

    )

select
    dated.as_of_date,
    cast(
        rank() over (
            order by value_at_risk_amount desc, past_value_amount desc
        ) as {{ dbt.type_bigint() }}
    ) as risk_rank,
    customer_id,
    rfm_segment,
    past_value_amount,
    future_value_amount,
    value_at_risk_amount,
    allowed_amount,
    usual_gap_days,
    days_since_last_order,
    cast({{ dbt.dateadd("day", "-late_days", "dated.as_of_date") }} as date) as late_since_date,
    coalesce(
        cast({{ dbt.dateadd("day", "-late_days", "dated.as_of_date") }} as date)
        > earlier.as_of_date,
        true
    ) as is_newly_late
from dated
cross join earlier
