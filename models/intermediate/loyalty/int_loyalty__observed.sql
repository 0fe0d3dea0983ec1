{{ config(materialized="view") }}

{%- set text = dbt.type_string() -%}
{%- set whole = dbt.type_int() -%}
{%- set double = type_double() -%}
{%- set has_lines = offers_entity("order_lines") -%}
{%- set has_voices = has_interactions() -%}
{#- What no source offers is unknown, for everybody. -#}
{%- set line_columns = {
    "main_product_line": text,
    "priced_amount": type_money(),
    "full_price_amount": type_money(),
    "list_amount": type_money(),
    "discount_amount": type_money(),
    "full_price_share": double,
    "full_price_unit_share": double,
    "discount_depth": double,
    "product_line_count": whole,
    "product_concentration": double,
} -%}
{%- set voice_columns = {
    "last_answer_date": "date",
    "last_score": whole,
    "last_score_max": whole,
    "satisfaction_share": double,
    "previous_satisfaction_share": double,
    "promoter_score": double,
} -%}
{%- set voice_counts = {
    "review_count": "interactions",
    "positive_review_count": "interactions",
    "referral_count": "interactions",
    "successful_referral_count": "interactions",
    "open_complaint_count": "interactions",
    "failed_payment_count": "payments",
} -%}

with

    {% if has_lines %} buying as (select * from {{ ref("int_loyalty__buying") }}), {% endif %}

    {% if has_voices %} voices as (select * from {{ ref("int_loyalty__voices") }}), {% endif %}

    customers as (select * from {{ ref("customers") }}),

    rhythm as (select * from {{ ref("int_loyalty__rhythm") }})

select
    customers.as_of_date,
    customers.customer_id,
    coalesce(rhythm.has_own_rhythm, false) as has_own_rhythm,
    rhythm.order_day_count,
    rhythm.tenure_days,
    rhythm.active_month_share,
    rhythm.days_since_last_order,
    rhythm.usual_gap_days,
    rhythm.days_since_last_order / rhythm.usual_gap_days as rhythm_ratio,
    {%- for column, type in line_columns.items() %}
        {% if has_lines -%} buying.{{ column }},
        {%- else -%} cast(null as {{ type }}) as {{ column }},
        {%- endif %}
    {%- endfor %}
    {%- for column, type in voice_columns.items() %}
        {% if has_voices -%} voices.{{ column }},
        {%- else -%} cast(null as {{ type }}) as {{ column }},
        {%- endif %}
    {%- endfor %}
    {%- for column, entity in voice_counts.items() %}
        {% if has_voices and offers_entity(entity) -%}
            coalesce(voices.{{ column }}, 0) as {{ column }},
        {%- else -%} cast(null as {{ whole }}) as {{ column }},
        {%- endif %}
    {%- endfor %}
    {% if has_voices -%}
        voices.last_answer_date >= cast(
            {{
                dbt.dateadd(
                    "day",
                    -(var("rfm_loyalty_answer_days") | int),
                    "customers.as_of_date",
                )
            }} as date
        )
    {%- else -%} false
    {%- endif %} as is_answer_recent,
    case
        when rhythm.recent_gross_amount > 0
        then
            cast(- rhythm.recent_refund_amount as {{ double }})
            / cast(rhythm.recent_gross_amount as {{ double }})
    end as return_share
from customers
left join rhythm on customers.customer_id = rhythm.customer_id
{% if has_lines %} left join buying on customers.customer_id = buying.customer_id {% endif %}
{% if has_voices %} left join voices on customers.customer_id = voices.customer_id {% endif %}
