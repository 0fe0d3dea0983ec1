{{ config(enabled=offers_entity("marketing_costs")) }}

{#- A bill of a campaign goes by whom its messages reached; one that nobody can place stays unallocated. -#}
{%- set has_messages = offers_entity("campaign_events") -%}
{%- set double = type_double() -%}

with

    costs as (

        select *
        from {{ ref("int_profit__dated_costs") }}
        where entity = 'marketing_costs' and quarantine_reason is null

    ),

    customers as (select customer_id, first_order_date from {{ ref("customers") }}),

    customer_days as (select * from {{ ref("int_value__customer_days") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    campaigns as (

        select
            costs.source_name,
            costs.cost_key as campaign_id,
            min(costs.cost_date) as first_cost_date,
            cast(round(sum(costs.amount), 2) as {{ type_money() }}) as spend_amount
        from costs
        inner join as_of_dates on costs.cost_date < as_of_dates.as_of_date
        group by costs.source_name, costs.cost_key

    ),

    {% if has_messages %}
        {#- Whoever has not bought before a message is still to be won, people nobody knows among them. -#}
        messages as (

            select
                messages.source_name,
                messages.reference_id as campaign_id,
                count(*) as message_count,
                count(*) filter (
                    where messages.interaction_date > customers.first_order_date
                ) as keep_message_count
            from {{ ref("int_interactions__judged") }} as messages
            inner join as_of_dates on messages.interaction_date < as_of_dates.as_of_date
            left join customers on messages.customer_id = customers.customer_id
            where
                messages.entity = 'campaign_events'
                and messages.topic in ('sent', 'bounced')
                and (
                    messages.quarantine_reason is null
                    or messages.quarantine_reason = 'customer_unknown'
                )
            group by messages.source_name, messages.reference_id

        ),
    {% endif %}

    placed as (

        select
            campaigns.spend_amount,
            {% if has_messages -%}
                messages.message_count,
                messages.keep_message_count,
                {{
                    double_to_money(
                        "cast(campaigns.spend_amount as "
                        ~ double
                        ~ ") * messages.keep_message_count / cast(messages.message_count as "
                        ~ double
                        ~ ")"
                    )
                }} as keep_amount
            {%- else -%}
                cast(null as {{ dbt.type_bigint() }}) as message_count,
                cast(null as {{ dbt.type_bigint() }}) as keep_message_count,
                cast(null as {{ type_money() }}) as keep_amount
            {%- endif %}
        from campaigns
        {% if has_messages %}
            left join
                messages
                on campaigns.source_name = messages.source_name
                and campaigns.campaign_id = messages.campaign_id
        {% endif %}

    ),

    spent as (

        select
            'acquire' as spend_purpose,
            coalesce(sum(spend_amount - keep_amount), 0) as spend_amount,
            coalesce(sum(message_count - keep_message_count), 0) as message_count
        from placed
        union all
        select 'keep', coalesce(sum(keep_amount), 0), coalesce(sum(keep_message_count), 0)
        from placed
        union all
        select
            'unallocated', coalesce(sum(case when keep_amount is null then spend_amount end), 0), 0
        from placed

    ),

    periods as (select min(first_cost_date) as first_cost_date from campaigns),

    {#- What came in since the first bill: first orders on one side, all that followed on the other. -#}
    earned as (

        select
            case
                when customer_days.movement_date > customers.first_order_date
                then 'keep'
                else 'acquire'
            end as spend_purpose,
            count(
                distinct case when customer_days.order_count > 0 then customer_days.customer_id end
            ) as customer_count,
            sum(customer_days.revenue_amount) as revenue_amount,
            sum(customer_days.profit_amount) as profit_amount
        from customer_days
        inner join customers on customer_days.customer_id = customers.customer_id
        inner join periods on customer_days.movement_date >= periods.first_cost_date
        where customers.first_order_date is not null
        group by
            case
                when customer_days.movement_date > customers.first_order_date
                then 'keep'
                else 'acquire'
            end

    )

select
    as_of_dates.as_of_date,
    cast(spent.spend_purpose as {{ dbt.type_string() }}) as spend_purpose,
    periods.first_cost_date,
    cast(spent.spend_amount as {{ type_money() }}) as spend_amount,
    cast(spent.spend_amount as {{ double }})
    / nullif(cast(sum(spent.spend_amount) over () as {{ double }}), 0) as spend_share,
    cast(spent.message_count as {{ dbt.type_bigint() }}) as message_count,
    cast(earned.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(earned.revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(earned.profit_amount as {{ type_money() }}) as profit_amount,
    cast(earned.profit_amount as {{ double }})
    / nullif(cast(spent.spend_amount as {{ double }}), 0) as profit_per_unit_spent
from spent
cross join periods
cross join as_of_dates
left join earned on spent.spend_purpose = earned.spend_purpose
