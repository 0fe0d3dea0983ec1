{#- On DuckDB a view, so that the orders are stored once. Without the database's name in it: a DuckDB database is
    named after its file, and the file may be renamed. On a server a table, which the next run leaves alone
    until all its marts are ready. -#}
{{ config(materialized="view" if target.type == "duckdb" else "table") }}

{% if has_costs() %} with orders as ({{ order_margins() }})
{% else %} with orders as (select * from {{ ref("int_orders__resolved").include(database=false) }})
{% endif %}

select
    order_id,
    source_name,
    customer_id,
    ordered_at,
    order_date,
    channel,
    currency,
    gross_amount,
    refund_amount,
    revenue_amount,
    original_amount,
    is_refund_only,
    {% if has_costs() -%} cm1_amount, cm2_amount
    {%- else -%}
        cast(null as {{ type_money() }}) as cm1_amount,
        cast(null as {{ type_money() }}) as cm2_amount
    {%- endif %}
from orders
