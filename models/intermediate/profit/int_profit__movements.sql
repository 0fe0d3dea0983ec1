{#- A view: each of those who read it adds up by something else. -#}
{{ config(materialized="view", enabled=has_costs()) }}

{%- set refund_part = (
    "case when other_day_amounts.amount < 0 then other_day_amounts.amount else 0 end"
) -%}
{%- set sales_part = (
    "case when other_day_amounts.amount < 0 then 0 else other_day_amounts.amount end"
) -%}
{%- set estimated = double_to_money("orders.goods_share * other_day_amounts.amount") -%}
{%- set order_activities = {} -%}
{%- for line in order_cost_lines() -%}
    {%- do order_activities.update(
        {
            line ~ "_activities_amount": line ~ "_activities_amount",
            line ~ "_missing_count": line ~ "_missing_count",
        }
    ) -%}
{%- endfor -%}
{%- set other_days_from = "other_day_amounts inner join orders on " ~ same_order(
    "other_day_amounts", "orders"
) -%}
{#- Money of another day leaves the day of its order and comes on the day it moved. -#}
{%- set parts = [
    {
        "from": "orders",
        "source_name": "source_name",
        "customer_id": "customer_id",
        "date": "order_date",
        "columns": dict(
            {
                "gross_sales_amount": "gross_sales_amount",
                "discount_amount": "discount_amount",
                "refund_amount": "refund_amount",
                "net_sales_amount": "revenue_amount",
                "goods_cost_amount": "order_day_goods_cost_amount",
                "estimated_goods_cost_amount": (
                    "case when goods_cost_basis= 'estimated' then order_day_goods_cost_amount end"
                ),
                "shipping_amount": "shipping_amount",
                "order_count": "case when is_refund_only then 0 else 1 end",
                "order_line_count": "order_line_count",
            },
            **order_activities
        ),
    },
    {
        "from": other_days_from,
        "source_name": "orders.source_name",
        "customer_id": "orders.customer_id",
        "date": "other_day_amounts.order_date",
        "columns": {
            "gross_sales_amount": "- (" ~ sales_part ~ ")",
            "refund_amount": "- (" ~ refund_part ~ ")",
            "net_sales_amount": "- other_day_amounts.amount",
        },
    },
    {
        "from": other_days_from,
        "source_name": "orders.source_name",
        "customer_id": "orders.customer_id",
        "date": "other_day_amounts.movement_date",
        "columns": {
            "gross_sales_amount": sales_part,
            "refund_amount": refund_part,
            "net_sales_amount": "other_day_amounts.amount",
            "goods_cost_amount": estimated,
            "estimated_goods_cost_amount": estimated,
        },
    },
    {
        "from": "refunds",
        "source_name": "source_name",
        "customer_id": "customer_id",
        "date": "movement_date",
        "columns": dict(
            {
                "restocking_amount": "restocking_amount",
                "refund_count": "refund_count",
            },
            **order_activities
        ),
    },
] -%}
{%- if offers_entity("payments") -%}
    {%- do parts.append(
        {
            "from": "payments",
            "source_name": "source_name",
            "customer_id": "customer_id",
            "date": "movement_date",
            "columns": dict(
                {"chargebacks_amount": "chargebacks_amount"}, **order_activities
            ),
        }
    ) -%}
{%- endif -%}
{%- if has_interactions() -%}
    {%- set contact_columns = {} -%}
    {%- for name in [
        "contact_count",
        "contact_minutes",
        "late_payment_count",
        "message_count",
        "service_missing_count",
        "late_payment_missing_count",
        "marketing_missing_count",
        "compensation_amount",
        "service_activities_amount",
        "late_payment_activities_amount",
        "marketing_activities_amount",
        "campaigns_amount",
    ] -%}
        {%- do contact_columns.update({name: name}) -%}
    {%- endfor -%}
    {%- do parts.append(
        {
            "from": "contacts",
            "source_name": "source_name",
            "customer_id": "customer_id",
            "date": "movement_date",
            "columns": contact_columns,
        }
    ) -%}
{%- endif %}

with

    orders as (select * from {{ ref("int_profit__orders") }}),

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

    {% if offers_entity("payments") %}
        payments as (select * from {{ ref("int_profit__payments") }}),
    {% endif %}

    {% if has_interactions() %}
        contacts as (select * from {{ ref("int_profit__contacts") }}),
    {% endif %}

    refunds as (select * from {{ ref("int_profit__refunds") }})

{% for part in parts %}
    select
        {{ part.customer_id }} as customer_id,
        {{ part.source_name }} as source_name,
        {{ part.date }} as movement_date,
        {%- for column, type in movement_columns().items() %}
            cast({{ part.columns.get(column, "null") }} as {{ type }}) as {{ column }}
            {{- "," if not loop.last }}
        {%- endfor %}
    from {{ part["from"] }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
