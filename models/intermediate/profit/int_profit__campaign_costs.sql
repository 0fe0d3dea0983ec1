{{
    config(
        enabled=has_costs()
        and offers_entity("marketing_costs")
        and offers_entity("campaign_events")
    )
}}

with

    costs as (

        select *
        from {{ ref("int_profit__dated_costs") }}
        where entity = 'marketing_costs' and quarantine_reason is null

    ),

    {#- Also those to people we do not know: what went to them is theirs, not everybody's. -#}
    messages as (

        select *
        from {{ ref("int_interactions__judged") }}
        where
            entity = 'campaign_events'
            and topic in ('sent', 'bounced')
            and (quarantine_reason is null or quarantine_reason = 'customer_unknown')

    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    campaigns as (

        select
            costs.source_name,
            costs.cost_key as campaign_id,
            cast(round(sum(costs.amount), 2) as {{ type_money() }}) as cost_amount
        from costs
        inner join as_of_dates on costs.cost_date < as_of_dates.as_of_date
        group by costs.source_name, costs.cost_key

    ),

    message_counts as (

        select messages.source_name, messages.reference_id as campaign_id, count(*) as message_count
        from messages
        inner join as_of_dates on messages.interaction_date < as_of_dates.as_of_date
        group by messages.source_name, messages.reference_id

    )

select
    campaigns.source_name,
    campaigns.campaign_id,
    campaigns.cost_amount,
    message_counts.message_count,
    {# Whole millionths, as every engine divides them alike; what is lost stays with nobody. #}
    cast(
        cast(
            floor(
                cast(campaigns.cost_amount as {{ type_double() }})
                * 1000000
                / cast(message_counts.message_count as {{ type_double() }})
            ) as {{ dbt.type_bigint() }}
        )
        * cast(0.000001 as decimal(7, 6)) as {{ type_rate() }}
    ) as message_cost_amount
from campaigns
inner join
    message_counts
    on campaigns.source_name = message_counts.source_name
    and campaigns.campaign_id = message_counts.campaign_id
