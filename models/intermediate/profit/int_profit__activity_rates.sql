{{ config(enabled=has_costs()) }}

{%- set text = dbt.type_string() -%}
{%- set forever = "cast('9999-12-31' as date)" -%}

with

    activities as (select distinct activity from {{ ref("cost_activities") }}),

    {% if var("rfm_currency") and is_consolidating() %}
        rates as (select * from {{ ref("int_money__rates") }}),
    {% endif %}

    given_rates as (

        select
            cast('activity_rates' as {{ text }}) as source_name,
            true as is_of_seed,
            lower(trim(activity)) as activity,
            cast(rate_amount as {{ type_rate() }}) as rate_amount,
            upper(trim(currency)) as currency,
            valid_from_date,
            valid_to_date,
            cast(null as {{ text }}) as quarantine_reason
        from {{ ref("activity_rates") }}
        {% if offers_entity("activity_costs") %}
            union all
            select
                source_name,
                false,
                of_sources.activity,
                rate_amount,
                currency,
                valid_from_date,
                valid_to_date,
                quarantine_reason
            from
                (
                    {{
                        union_sources(
                            "activity_costs",
                            [
                                "activity",
                                "rate_amount",
                                "currency",
                                "valid_from_date",
                                "valid_to_date",
                                "quarantine_reason",
                            ],
                        )
                    }}
                ) as of_sources
        {% endif %}

    ),

    {#- Rows that are alike overlap each other, so their order is nothing. -#}
    numbered as (

        select
            given_rates.*,
            row_number() over (
                order by
                    given_rates.is_of_seed,
                    given_rates.source_name,
                    given_rates.activity,
                    given_rates.valid_from_date,
                    given_rates.valid_to_date,
                    given_rates.rate_amount,
                    given_rates.currency
            ) as rate_number,
            activities.activity is not null as is_known_activity,
            {% if var("rfm_currency") and is_consolidating() %}
                {{ reporting_rate("given_rates.currency") }} as exchange_rate,
                coalesce(given_rates.currency, '{{ var("rfm_currency") }}')
                = '{{ var("rfm_currency") }}'
                or coalesce(rates.is_known_currency, false) as is_known_currency
            {%- else %} 1 as exchange_rate, true as is_known_currency
            {%- endif %}
        from given_rates
        left join activities on given_rates.activity = activities.activity
        {% if var("rfm_currency") and is_consolidating() %}
            left join
                rates
                on given_rates.currency = rates.currency
                and given_rates.valid_from_date = rates.rate_date
        {% endif %}

    ),

    judged_alone as (

        select
            *,
            case
                when quarantine_reason is not null
                then quarantine_reason
                when valid_from_date is null
                then 'date_missing'
                when valid_to_date < valid_from_date
                then 'dates_reversed'
                when rate_amount is null
                then 'amount_missing'
                when rate_amount < 0
                then 'rate_negative'
                when not is_known_activity
                then 'activity_unknown'
                when not is_known_currency
                then 'currency_unknown'
                when exchange_rate is null
                then 'rate_missing'
            end as own_reason
        from numbered

    ),

    overlapping as (

        select distinct one.rate_number
        from judged_alone as one
        inner join
            judged_alone as other
            on one.activity = other.activity
            and one.is_of_seed = other.is_of_seed
            and one.rate_number <> other.rate_number
            and one.valid_from_date <= coalesce(other.valid_to_date, {{ forever }})
            and other.valid_from_date <= coalesce(one.valid_to_date, {{ forever }})
        where one.own_reason is null and other.own_reason is null

    )

select
    judged_alone.source_name,
    judged_alone.is_of_seed,
    judged_alone.activity,
    judged_alone.valid_from_date,
    coalesce(judged_alone.valid_to_date, {{ forever }}) as valid_to_date,
    cast(
        cast(judged_alone.rate_amount as decimal(19, 8))
        * judged_alone.exchange_rate as {{ type_rate() }}
    ) as rate_amount,
    case
        when overlapping.rate_number is not null then 'rate_overlaps' else judged_alone.own_reason
    end as quarantine_reason
from judged_alone
left join overlapping on judged_alone.rate_number = overlapping.rate_number
