{{ config(enabled=is_consolidating() and var("rfm_currency") != "") }}

{#- The rate of a day is the last one published up to it, for so many days (weekends, holidays). -#}
{%- set string = dbt.type_string() -%}

with

    published as (

        select upper(trim(currency)) as currency, rate_date, cast(rate as {{ type_rate() }}) as rate
        from {{ ref("exchange_rates") }}
        {% if offers_entity("exchange_rates") %}
            union all
            select currency, rate_date, cast(rate as {{ type_rate() }})
            from
                (
                    {{
                        union_sources(
                            "exchange_rates",
                            ["currency", "rate_date", "rate", "quarantine_reason"],
                        )
                    }}
                ) as of_sources
            where quarantine_reason is null
        {% endif %}

    ),

    {#- Where two sources publish a rate of one day, the lower one counts: never too much money. -#}
    rates as (

        select currency, rate_date, min(rate) as rate from published group by currency, rate_date

    ),

    needed as (

        {%- for entity, day in money_entities() if offers_entity(entity) %}
            {% if not loop.first %}
                union
            {% endif %}
            select currency, rate_date
            from
                (
                    {{ union_sources(entity, ["currency", day ~ " as rate_date"]) }}
                ) as of_{{ entity }}
            where currency is not null and rate_date is not null
        {%- endfor %}
        {%- if has_costs() %}
            union
            select upper(trim(currency)), valid_from_date
            from {{ ref("activity_rates") }}
            where currency is not null and valid_from_date is not null
        {%- endif %}
        {%- if offers_entity("shipping_costs") %}
            {#- A parcel has no day but that of its order. #}
            union
            select parcels.currency, order_days.rate_date
            from
                (
                    select distinct currency
                    from ({{ union_sources("shipping_costs", ["currency"]) }}) as of_parcels
                    where currency is not null
                ) as parcels
            cross join
                (
                    select distinct order_date as rate_date
                    from ({{ union_sources("orders", ["order_date"]) }}) as of_days
                    where order_date is not null
                ) as order_days
        {%- endif %}

    ),

    days as (

        select
            coalesce(needed.currency, rates.currency) as currency,
            coalesce(needed.rate_date, rates.rate_date) as rate_date,
            rates.rate,
            needed.currency is not null as is_needed
        from needed
        full outer join
            rates on needed.currency = rates.currency and needed.rate_date = rates.rate_date

    ),

    filled as (

        select
            currency,
            rate_date,
            is_needed,
            max(case when rate is not null then rate_date end) over (
                partition by currency
                order by rate_date
                rows between unbounded preceding and current row
            ) as published_date,
            max(rate) over (partition by currency) is not null as is_known_currency
        from days

    )

select
    filled.currency, filled.rate_date, filled.is_known_currency, filled.published_date, rates.rate
from filled
left join
    rates
    on filled.currency = rates.currency
    and filled.published_date = rates.rate_date
    and filled.rate_date <= cast(
        {{ dbt.dateadd("day", var("rfm_currency_rate_max_age_days"), "filled.published_date") }}
        as date
    )
where filled.is_needed
