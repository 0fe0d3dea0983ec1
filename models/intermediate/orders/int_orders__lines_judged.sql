{{ config(enabled=offers_entity("order_lines")) }}

with

    lines as (

        {{
            union_sources(
                "order_lines",
                [
                    "order_id",
                    "line_number",
                    "product_id",
                    "quantity",
                    "list_amount",
                    "discount_amount",
                    "amount",
                    "currency",
                    "quarantine_reason",
                ],
            )
        }}

    ),

    order_rows as (select * from {{ ref("int_orders__judged") }} where entity = 'orders'),

    orders as (

        select
            source_name,
            order_id,
            bool_or(quarantine_reason is null) as is_usable,
            min({{ byte_order("customer_id") }}) filter (
                where quarantine_reason is null
            ) as customer_id,
            min(order_date) filter (where quarantine_reason is null) as order_date,
            min({{ byte_order("currency") }}) filter (where quarantine_reason is null) as currency
        from order_rows
        where order_id is not null
        group by source_name, order_id

    ),

    erased_orders as (select * from {{ ref("int_orders__erased") }}),

    {% if var("rfm_currency") %} rates as (select * from {{ ref("int_money__rates") }}), {% endif %}

    owned as (

        select
            lines.*,
            erased_orders.order_id is not null as is_erased,
            orders.customer_id,
            orders.order_date,
            orders.order_id as known_order_id,
            orders.is_usable,
            orders.currency as order_currency,
            {% if var("rfm_currency") -%}
                case when orders.currency = '{{ var("rfm_currency") }}' then 1 else rates.rate end
            {%- else -%} 1
            {%- endif %} as rate
        from lines
        left join
            orders on lines.source_name = orders.source_name and lines.order_id = orders.order_id
        left join
            erased_orders
            on lines.source_name = erased_orders.source_name
            and lines.order_id = erased_orders.order_id
        {% if var("rfm_currency") %}
            left join
                rates on orders.currency = rates.currency and orders.order_date = rates.rate_date
        {% endif %}

    )

select
    source_name,
    case when not is_erased then order_id end as order_id,
    line_number,
    customer_id,
    order_date,
    product_id,
    quantity,
    {%- for amount in ["list_amount", "discount_amount", "amount"] %}
        cast(round({{ amount }} * rate, 2) as {{ type_money() }}) as {{ amount }},
    {%- endfor %}
    coalesce(currency, order_currency) as currency,
    amount as original_amount,
    case
        when is_erased
        then 'customer_erased'
        when quarantine_reason is not null
        then quarantine_reason
        when known_order_id is null
        then 'order_unknown'
        when not is_usable
        then 'order_left_out'
        when currency <> order_currency
        then 'currency_differs'
    end as quarantine_reason
from owned
