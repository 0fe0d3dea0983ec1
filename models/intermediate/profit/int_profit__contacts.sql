{{ config(enabled=has_costs() and has_interactions()) }}

{%- set has_campaign_costs = offers_entity("marketing_costs") and offers_entity(
    "campaign_events"
) -%}
{#- Each driver with the line it is priced for. -#}
{%- set drivers = {
    "contact_minute": "service_cost",
    "late_payment": "late_payment_cost",
    "message": "marketing_cost",
} -%}

with

    interactions as (

        select * from {{ ref("int_interactions__judged") }} where quarantine_reason is null

    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    driver_rates as (

        select
            source_name,
            rate_date,
            {%- for driver, line in drivers.items() %}
                {{ driver_rate(driver, line) }} as {{ driver }}_rate,
                {{ driver_rate(driver, line, "missing_count") }}
                as {{ driver }}_missing {{ "," if not loop.last }}
            {%- endfor %}
        from {{ ref("int_profit__driver_rates") }}
        where driver in ('{{ drivers.keys() | join("', '") }}')
        group by source_name, rate_date

    ),

    {% if has_campaign_costs %}
        campaign_costs as (select * from {{ ref("int_profit__campaign_costs") }}),
    {% endif %}

    {#- A message that came back was sent, too. -#}
    events as (

        select
            interactions.*,
            interactions.entity = 'interactions'
            and interactions.interaction_type in ('inquiry', 'complaint') as is_contact,
            interactions.entity = 'payments'
            and interactions.topic = 'paid'
            and coalesce(interactions.days_late, 0) > 0 as is_late_payment,
            interactions.entity = 'campaign_events'
            and interactions.topic in ('sent', 'bounced') as is_message
        from interactions
        inner join as_of_dates on interactions.interaction_date < as_of_dates.as_of_date

    ),

    by_day as (

        select
            events.customer_id,
            events.source_name,
            events.interaction_date as movement_date,
            count(*) filter (where events.is_contact) as contact_count,
            sum(events.handle_minutes) filter (where events.is_contact) as contact_minutes,
            sum(events.amount) filter (where events.is_contact) as compensation_amount,
            sum(
                {{ price_count("events.handle_minutes", "driver_rates.contact_minute_rate") }}
            ) filter (where events.is_contact) as service_activities_amount,
            sum(driver_rates.contact_minute_missing) filter (
                where events.is_contact and events.handle_minutes > 0
            ) as service_missing_count,
            count(*) filter (where events.is_late_payment) as late_payment_count,
            sum(round(driver_rates.late_payment_rate, 2)) filter (
                where events.is_late_payment
            ) as late_payment_activities_amount,
            sum(driver_rates.late_payment_missing) filter (
                where events.is_late_payment
            ) as late_payment_missing_count,
            count(*) filter (where events.is_message) as message_count,
            sum(driver_rates.message_rate) filter (
                where events.is_message
            ) as exact_marketing_activities_amount,
            sum(driver_rates.message_missing) filter (
                where events.is_message
            ) as marketing_missing_count,
            {% if has_campaign_costs -%}
                sum(campaign_costs.message_cost_amount) filter (where events.is_message)
            {%- else -%} cast(null as {{ type_rate() }})
            {%- endif %} as exact_campaigns_amount
        from events
        left join
            driver_rates
            on events.source_name = driver_rates.source_name
            and events.interaction_date = driver_rates.rate_date
        {% if has_campaign_costs %}
            left join
                campaign_costs
                on events.is_message
                and events.source_name = campaign_costs.source_name
                and events.reference_id = campaign_costs.campaign_id
        {% endif %}
        where events.is_contact or events.is_late_payment or events.is_message
        group by events.customer_id, events.source_name, events.interaction_date

    ),

    {#- A message costs parts of a cent: what all of a customer's cost so far is rounded, and a day has what it adds. -#}
    so_far as (

        select
            *,
            {%- for part in ["marketing_activities", "campaigns"] %}
                sum(exact_{{ part }}_amount) over until_day as {{ part }}_so_far,
                sum(exact_{{ part }}_amount) over before_day
                as {{ part }}_before {{ "," if not loop.last }}
            {%- endfor %}
        from by_day
        window
            until_day as (
                partition by customer_id, source_name
                order by movement_date
                rows between unbounded preceding and current row
            ),
            before_day as (
                partition by customer_id, source_name
                order by movement_date
                rows between unbounded preceding and 1 preceding
            )

    )

select
    customer_id,
    source_name,
    movement_date,
    cast(contact_count as {{ dbt.type_int() }}) as contact_count,
    cast(contact_minutes as {{ dbt.type_int() }}) as contact_minutes,
    cast(late_payment_count as {{ dbt.type_int() }}) as late_payment_count,
    cast(message_count as {{ dbt.type_int() }}) as message_count,
    {%- for part in ["service", "late_payment", "marketing"] %}
        cast(
            coalesce({{ part }}_missing_count, 0) as {{ dbt.type_int() }}
        ) as {{ part }}_missing_count,
    {%- endfor %}
    cast(compensation_amount as {{ type_money() }}) as compensation_amount,
    cast(service_activities_amount as {{ type_money() }}) as service_activities_amount,
    cast(late_payment_activities_amount as {{ type_money() }}) as late_payment_activities_amount,
    {%- for part in ["marketing_activities", "campaigns"] %}
        case
            when exact_{{ part }}_amount is not null
            then
                cast(
                    round({{ part }}_so_far, 2)
                    - round(coalesce({{ part }}_before, 0), 2) as {{ type_money() }}
                )
        end as {{ part }}_amount {{ "," if not loop.last }}
    {%- endfor %}
from so_far
