{{ config(enabled=has_costs()) }}

with

    activities as (select * from {{ ref("cost_activities") }}),

    activity_rates as (select * from {{ ref("int_profit__activity_rates") }}),

    sources as (

        {% for source_name in var("rfm_sources") %}
            select cast('{{ source_name }}' as {{ dbt.type_string() }}) as source_name
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- Every day on which something happened that may cost. -#}
    days as (

        select order_date as rate_date
        from
            {{
                ref(
                    "int_orders__judged_counts"
                    if is_consolidating()
                    else "int_orders__row_counts"
                )
            }}
        where order_date is not null
        {% if has_interactions() %}
            union
            select interaction_date
            from {{ ref("int_interactions__judged") }}
            where interaction_date is not null
        {% endif %}

    ),

    {#- An activity that nobody ever gave a rate for is not known to this company; it leaves no event unpriced. -#}
    priced as (select distinct activity from activity_rates),

    daily_rates as (

        select
            priced.activity,
            days.rate_date,
            coalesce(
                max(case when activity_rates.is_of_seed then activity_rates.rate_amount end),
                max(activity_rates.rate_amount)
            ) as rate_amount
        from priced
        cross join days
        left join
            activity_rates
            on priced.activity = activity_rates.activity
            and activity_rates.quarantine_reason is null
            and days.rate_date >= activity_rates.valid_from_date
            and days.rate_date <= activity_rates.valid_to_date
        group by priced.activity, days.rate_date

    )

select
    activities.driver,
    activities.statement_line,
    sources.source_name,
    daily_rates.rate_date,
    cast(sum(daily_rates.rate_amount) as {{ type_rate() }}) as rate_amount,
    cast(
        count(*) filter (where daily_rates.rate_amount is null) as {{ dbt.type_int() }}
    ) as missing_count
from daily_rates
inner join activities on daily_rates.activity = activities.activity
inner join sources on activities.source_name is null or activities.source_name = sources.source_name
group by activities.driver, activities.statement_line, sources.source_name, daily_rates.rate_date
