{{ config(materialized="view", enabled=has_interactions()) }}

{#- Whatever a customer did or said, other than order and return, in the columns of interactions. -#}
{%- set string = dbt.type_string() -%}
{%- set null_string = "cast(null as " ~ string ~ ")" -%}
{%- set null_integer = "cast(null as " ~ dbt.type_int() ~ ")" -%}
{%- set null_time = "cast(null as " ~ dbt.type_timestamp() ~ ")" -%}
{%- set selections = {
    "interactions": [
        "interaction_id",
        "source_customer_id",
        "occurred_at",
        "interaction_type",
        "channel",
        "topic",
        "reference_id",
        "amount",
        "currency",
        "score",
        "score_max",
        "handle_minutes",
        null_integer ~ " as days_late",
        "severity",
        "closed_at",
        "quarantine_reason",
    ],
    "payments": [
        "payment_id",
        "source_customer_id",
        "coalesce(paid_at, "
        ~ local_to_utc("cast(due_date as " ~ dbt.type_timestamp() ~ ")")
        ~ ")",
        "cast('payment' as " ~ string ~ ")",
        "method",
        "status",
        "order_id",
        "amount",
        "currency",
        null_integer,
        null_integer,
        null_integer,
        "days_late",
        null_string,
        null_time,
        "quarantine_reason",
    ],
    "campaign_events": [
        "event_id",
        "source_customer_id",
        "occurred_at",
        "cast('campaign_response' as " ~ string ~ ")",
        null_string,
        "event_type",
        "campaign_id",
        "cast(null as " ~ type_money() ~ ")",
        null_string,
        null_integer,
        null_integer,
        null_integer,
        null_integer,
        null_string,
        null_time,
        "quarantine_reason",
    ],
} -%}

{% set parts = [] -%}
{%- for entity, columns in selections.items() if offers_entity(entity) -%}
    {%- do parts.append(
        union_sources(
            entity, ["cast('" ~ entity ~ "' as " ~ string ~ ") as entity"] + columns
        )
    ) -%}
{%- endfor %}
{% for part in parts %}
    {{ part }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
