{#- Rows with one order id are one order of that customer; without order ids, rows of one moment are. Two
    groupings, because one over both keys costs a third more. -#}
{%- set kinds = [
    {"name": "numbered", "where": "order_id is not null", "key": "order_id"},
    {"name": "unnumbered", "where": "order_id is null", "key": "ordered_at"},
] -%}
{#- Rows of one order in two currencies are two orders: money is told in each currency. -#}
{%- set has_currencies = is_consolidating() -%}

with

    order_rows as (select * from {{ ref("int_orders__judged") }} where quarantine_reason is null),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    known_rows as (

        select order_rows.*
        from order_rows
        inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date

    ),

    {% for kind in kinds %}
        {{ kind.name }} as (

            select
                source_name,
                customer_id,
                {{ kind.key }},
                min(ordered_at) filter (where amount >= 0) as first_sale_at,
                min(ordered_at) as first_row_at,
                max(ordered_at) as last_row_at,
                sum(amount) as revenue_amount,
                sum(amount) filter (where amount < 0) as refund_amount
                {%- if has_currencies %}
                    ,
                    currency,
                    min({{ byte_order("channel") }}) as channel,
                    sum(original_amount) as original_amount
                {%- endif %}
            from known_rows
            where {{ kind.where }}
            group by source_name, customer_id, {{ kind.key }} {{ ", currency" if has_currencies }}

        ),
    {% endfor %}

    orders as (

        select
            source_name,
            customer_id,
            order_id,
            true as has_order_id,
            first_sale_at,
            first_row_at,
            last_row_at,
            revenue_amount,
            refund_amount
            {{- ", currency, channel, original_amount" if has_currencies }}
        from numbered
        union all
        select
            source_name,
            customer_id,
            customer_id || '@' || cast(ordered_at as {{ dbt.type_string() }}),
            false,
            first_sale_at,
            first_row_at,
            last_row_at,
            revenue_amount,
            refund_amount
            {{- ", currency, channel, original_amount" if has_currencies }}
        from unnumbered

    ),

    dated as (

        select
            *,
            coalesce(first_sale_at, first_row_at) as ordered_at,
            {{ to_reporting_date("coalesce(first_sale_at, first_row_at)") }} as order_date
        from orders

    )

select
    order_id,
    source_name,
    customer_id,
    ordered_at,
    order_date,
    {% if has_currencies -%} channel, currency,
    {%- else -%}
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as currency,
    {%- endif %}
    cast(revenue_amount - coalesce(refund_amount, 0) as {{ type_money() }}) as gross_amount,
    cast(coalesce(refund_amount, 0) as {{ type_money() }}) as refund_amount,
    cast(revenue_amount as {{ type_money() }}) as revenue_amount,
    {% if has_currencies -%} cast(original_amount as {{ type_money() }})
    {%- else -%} cast(revenue_amount as {{ type_money() }})
    {%- endif %} as original_amount,
    has_order_id,
    {# A refund that no order of the source belongs to lowers money, never frequency. #}
    first_sale_at is null as is_refund_only,
    {{ to_reporting_date("first_row_at") }} < order_date
    or {{ to_reporting_date("last_row_at") }} > order_date as has_other_days
from dated
