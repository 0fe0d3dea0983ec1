{{ config(enabled=offers_entity("interactions", "support")) }}

{%- set tickets = source("support", "tickets") %}
{%- set surveys = source("support", "surveys") %}
{%- set ticket_kinds = column_kinds(tickets) %}
{%- set survey_kinds = column_kinds(surveys) %}
{%- set zone = source_zone("support") %}
{%- set opened_at = parse_timestamp("opened_at", ticket_kinds.opened_at, zone=zone) %}
{%- set closed_at = parse_timestamp("closed_at", ticket_kinds.closed_at, zone=zone) %}
{%- set kind = "lower(" ~ clean_text("kind") ~ ")" %}
{%- set minutes = parse_integer("handle_minutes") %}
{%- set compensation = parse_amount("compensation", ticket_kinds.compensation) %}
{%- set answered_at = parse_timestamp("answered_at", survey_kinds.answered_at, zone=zone) %}
{%- set score = parse_integer("score") %}
{%- set scale_max = parse_integer("scale_max") %}

with

    {#- Compensation is paid from the books, in their currency. #}
    tickets as (

        {{
            stage_entity(
                "interactions",
                tickets,
                {
                    "interaction_id": "'ticket:' || " ~ clean_key("ticket_id"),
                    "source_customer_id": clean_key("requester_id"),
                    "occurred_at": opened_at,
                    "interaction_type": (
                        "case when " ~ kind ~ " = 'question' then 'inquiry' else " ~ kind ~ " end"
                    ),
                    "channel": "lower(" ~ clean_text("channel") ~ ")",
                    "topic": clean_text("topic"),
                    "reference_id": clean_text("order_ref"),
                    "amount": compensation,
                    "currency": "case when " ~ compensation ~ " is not null then 'EUR' end",
                    "handle_minutes": minutes,
                    "severity": "lower(" ~ clean_text("priority") ~ ")",
                    "closed_at": closed_at,
                },
                checks=[
                    [is_blank("requester_id"), "customer_missing"],
                    [
                        "coalesce(" ~ kind ~ ", '') not in ('question', 'complaint')",
                        "type_unknown",
                    ],
                ]
                + date_checks("opened_at", opened_at)
                + value_checks("closed_at", closed_at, "date", required=false)
                + value_checks("handle_minutes", minutes, "minutes", required=false)
                + value_checks("compensation", compensation, "amount", required=false),
                key=["interaction_id"],
            )
        }}

    ),

    surveys as (

        {{
            stage_entity(
                "interactions",
                surveys,
                {
                    "interaction_id": "'survey:' || " ~ clean_key("survey_id"),
                    "source_customer_id": clean_key("requester_id"),
                    "occurred_at": answered_at,
                    "interaction_type": "'survey'",
                    "topic": "upper(" ~ clean_text("instrument") ~ ")",
                    "reference_id": clean_key("ticket_id"),
                    "score": score,
                    "score_max": scale_max,
                },
                checks=[[is_blank("requester_id"), "customer_missing"]]
                + date_checks("answered_at", answered_at)
                + value_checks("score", score, "score")
                + value_checks("scale_max", scale_max, "score")
                + [[score ~ " < 0 or " ~ score ~ " > " ~ scale_max, "score_out_of_range"]],
                key=["interaction_id"],
            )
        }}

    )

select *
from tickets
union all
select *
from surveys
