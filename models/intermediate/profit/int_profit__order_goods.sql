{{ config(enabled=has_costs()) }}

{%- set has_lines = offers_entity("order_lines") -%}
{%- set has_product_costs = has_lines and offers_entity("product_costs") -%}
{%- set goods_cost = price_count("lines.quantity", "product_costs.unit_cost_amount") -%}
{%- set is_usable = "lines.quarantine_reason is null" -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }}),

    {#- What moved on other days than the order's. -#}
    other_days as (

        select source_name, customer_id, order_id, currency, sum(amount) as amount
        from {{ ref("int_orders__other_day_amounts") }}
        group by source_name, customer_id, order_id, currency

    ),

    {% if has_lines %}
        lines as (select * from {{ ref("int_orders__lines_judged") }}),

        as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

        {% if has_product_costs %}
            product_costs as (select * from {{ ref("int_profit__product_costs") }}),
        {% endif %}

        {#- A line that cannot be used is one whose cost is not known. -#}
        lines_by_order as (

            select
                lines.source_name,
                lines.customer_id,
                lines.order_id,
                min({{ byte_order("lines.currency") }}) filter (where {{ is_usable }}) as currency,
                count(*) as line_count,
                {% if has_product_costs %}
                    count(*) filter (
                        where {{ is_usable }} and {{ goods_cost }} is not null
                    ) as priced_line_count,
                    sum({{ goods_cost }}) filter (where {{ is_usable }}) as goods_cost_amount,
                {% endif %}
                count(*) filter (
                    where
                        {{ is_usable }}
                        and coalesce(lines.discount_amount, lines.list_amount - lines.amount)
                        is not null
                ) as listed_line_count,
                sum(coalesce(lines.discount_amount, lines.list_amount - lines.amount)) filter (
                    where {{ is_usable }}
                ) as discount_amount
            from lines
            inner join as_of_dates on lines.order_date < as_of_dates.as_of_date
            {% if has_product_costs %}
                left join
                    product_costs
                    on lines.product_id = product_costs.product_id
                    and lines.order_date >= product_costs.valid_from_date
                    and lines.order_date < product_costs.valid_until_date
            {% endif %}
            where lines.customer_id is not null
            group by lines.source_name, lines.customer_id, lines.order_id

        ),
    {% endif %}

    joined as (

        select
            orders.order_id,
            orders.source_name,
            orders.customer_id,
            orders.ordered_at,
            orders.order_date,
            orders.channel,
            orders.currency,
            orders.gross_amount,
            orders.refund_amount,
            orders.revenue_amount,
            orders.original_amount,
            orders.is_refund_only,
            orders.has_other_days,
            orders.revenue_amount - coalesce(other_days.amount, 0) as order_day_amount,
            {% if has_lines -%}
                coalesce(lines_by_order.line_count, 0) as order_line_count,
                case
                    when lines_by_order.listed_line_count = lines_by_order.line_count
                    then lines_by_order.discount_amount
                end as discount_amount,
            {%- else -%} 0 as order_line_count, null as discount_amount,
            {%- endif %}
            {% if has_product_costs -%}
                case
                    when lines_by_order.priced_line_count = lines_by_order.line_count
                    then lines_by_order.goods_cost_amount
                end as known_goods_cost_amount
            {%- else -%} null as known_goods_cost_amount
            {%- endif %}
        from orders
        left join other_days on orders.has_other_days and {{ same_order("orders", "other_days") }}
        {% if has_lines %}
            left join lines_by_order on {{ same_order("orders", "lines_by_order") }}
        {% endif %}

    )

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
    has_other_days,
    cast(order_day_amount as {{ type_money() }}) as order_day_amount,
    cast(order_line_count as {{ dbt.type_int() }}) as order_line_count,
    cast(discount_amount as {{ type_money() }}) as discount_amount,
    cast(known_goods_cost_amount as {{ type_money() }}) as known_goods_cost_amount
from joined
