{{ config(enabled=offers_entity("campaign_events", "marketing")) }}

{%- set sends = source("marketing", "sends") %}
{%- set opens = source("marketing", "opens") %}
{%- set clicks = source("marketing", "clicks") %}
{%- set redemptions = source("marketing", "redemptions") %}
{%- set subscribers = source("marketing", "subscribers") %}
{%- set zone = source_zone("marketing") %}
{%- set sent_at = parse_timestamp("sent_at", column_kinds(sends).sent_at, zone=zone) %}
{%- set redeemed_at = parse_timestamp(
    "redeemed_at", column_kinds(redemptions).redeemed_at, zone=zone
) %}
{%- set unsubscribed_at = parse_timestamp(
    "unsubscribed_at", column_kinds(subscribers).unsubscribed_at, zone=zone
) %}
{%- set is_control = parse_boolean("is_control") %}
{%- set bounced = parse_boolean("bounced") %}
{%- set known_send = [["known_send_id is null", "send_unknown"]] %}

{#- Opens, clicks and redemptions know the number of the send only; whom it went to and for which campaign has
    to be joined. Sends that share a number say nothing for sure and are left out. -#}
with

    known_sends as (

        select
            known_send_id,
            min(send_campaign_id) as send_campaign_id,
            min(send_subscriber_id) as send_subscriber_id
        from
            (
                select distinct
                    {{ clean_key("send_id") }} as known_send_id,
                    {{ clean_text("campaign_id") }} as send_campaign_id,
                    {{ clean_text("subscriber_id") }} as send_subscriber_id
                from {{ sends }}
            ) as told_sends
        group by known_send_id
        having count(*) = 1

    ),

    sends as (

        {{
            stage_entity(
                "campaign_events",
                sends,
                {
                    "event_id": "'send:' || " ~ clean_key("send_id"),
                    "campaign_id": clean_text("campaign_id"),
                    "source_customer_id": clean_text("subscriber_id"),
                    "occurred_at": sent_at,
                    "event_type": (
                        "case when "
                        ~ is_control
                        ~ " then 'held_out' when "
                        ~ bounced
                        ~ " then 'bounced' else 'sent' end"
                    ),
                },
                checks=[
                    [is_blank("subscriber_id"), "customer_missing"],
                    [is_blank("campaign_id"), "campaign_missing"],
                ]
                + date_checks("sent_at", sent_at)
                + value_checks("is_control", is_control, "flag")
                + value_checks("bounced", bounced, "flag"),
                key=["event_id"],
            )
        }}

    ),

    {% for table, relation, time, type in [
        ("opens", opens, "opened_at", "opened"),
        ("clicks", clicks, "clicked_at", "clicked"),
    ] %}
        {%- set occurred_at = parse_timestamp(time, column_kinds(relation)[time], zone=zone) %}
        {{ table }}_of_sends as (

            select {{ table }}.*, known_sends.*
            from {{ relation }} as {{ table }}
            left join known_sends on {{ clean_key(table ~ ".send_id") }} = known_sends.known_send_id

        ),

        {{ table }} as (

            {#- They have no number: a send is opened once at a time. #}
            {{
                stage_entity(
                    "campaign_events",
                    table ~ "_of_sends",
                    {
                        "event_id": "'"
                        ~ type
                        ~ ":' || "
                        ~ clean_key("send_id")
                        ~ " || ':' || coalesce(trim(cast("
                        ~ time
                        ~ " as "
                        ~ dbt.type_string()
                        ~ ")), '')",
                        "campaign_id": "send_campaign_id",
                        "source_customer_id": "send_subscriber_id",
                        "occurred_at": occurred_at,
                        "event_type": "'" ~ type ~ "'",
                    },
                    checks=known_send + date_checks(time, occurred_at),
                    key=["event_id"],
                )
            }}

        ),
    {% endfor %}

    redemptions_of_sends as (

        select redemptions.*, known_sends.*
        from {{ redemptions }} as redemptions
        left join known_sends on {{ clean_key("redemptions.send_id") }} = known_sends.known_send_id

    ),

    redemptions as (

        {{
            stage_entity(
                "campaign_events",
                "redemptions_of_sends",
                {
                    "event_id": "'redemption:' || " ~ clean_key("redemption_id"),
                    "campaign_id": "send_campaign_id",
                    "source_customer_id": "send_subscriber_id",
                    "occurred_at": redeemed_at,
                    "event_type": "'redeemed'",
                    "order_id": clean_text("order_no"),
                },
                checks=known_send + date_checks("redeemed_at", redeemed_at),
                key=["event_id"],
            )
        }}

    ),

    {#- Leaving is an answer to all campaigns, so it names none. #}
    unsubscribed as (

        {{
            stage_entity(
                "campaign_events",
                "(select * from "
                ~ subscribers
                ~ " as all_subscribers where not "
                ~ is_blank("unsubscribed_at")
                ~ ")",
                {
                    "event_id": "'unsubscribed:' || " ~ clean_text("subscriber_id"),
                    "source_customer_id": clean_text("subscriber_id"),
                    "occurred_at": unsubscribed_at,
                    "event_type": "'unsubscribed'",
                },
                checks=date_checks("unsubscribed_at", unsubscribed_at),
                key=["event_id"],
            )
        }}

    )

select *
from sends
union all
select *
from opens
union all
select *
from clicks
union all
select *
from redemptions
union all
select *
from unsubscribed
