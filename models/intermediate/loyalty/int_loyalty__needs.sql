{{ config(enabled=is_consolidating()) }}

{#- What customers need, as far as they show or say it: the product line and channel they mostly buy, the prices they
    pay, what they told us. A customer has one value of each need; what nobody knows is left out. -#}
{%- set has_stated = offers_entity("interactions") and var("rfm_loyalty_stated_needs") -%}

with

    loyalty as (select * from {{ ref("customer_loyalty") }}),

    orders as (
        select *
        from {{ ref("int_orders__resolved") }}
        where channel is not null and not is_refund_only
    ),

    customer_channels as (

        select customer_id, channel, count(*) as order_count
        from orders
        group by customer_id, channel

    ),

    ranked_channels as (

        select
            customer_id,
            channel,
            row_number() over (
                partition by customer_id order by order_count desc, {{ byte_order("channel") }}
            ) as channel_rank
        from customer_channels

    ),

    {% if has_stated %}
        stated as (

            select customer_id, topic, reference_id, interaction_id, occurred_at
            from {{ ref("interactions") }}
            where
                interaction_type = 'preference'
                and topic in ('{{ var("rfm_loyalty_stated_needs") | join("', '") }}')
                and reference_id is not null

        ),

        {#- Who changed their mind is known by what they said last. -#}
        ranked_stated as (

            select
                *,
                row_number() over (
                    partition by customer_id, topic
                    order by occurred_at desc, {{ byte_order("interaction_id") }} desc
                ) as stated_rank
            from stated

        ),
    {% endif %}

    needs as (

        select customer_id, 'product_line' as need, main_product_line as need_value
        from loyalty
        where main_product_line is not null
        union all
        select customer_id, 'price', price_habit
        from loyalty
        where price_habit <> 'unknown'
        union all
        select customer_id, 'channel', channel
        from ranked_channels
        where channel_rank = 1
        {% if has_stated %}
            union all
            select customer_id, 'stated_' || topic, reference_id
            from ranked_stated
            where stated_rank = 1
        {% endif %}

    )

select
    customer_id,
    cast(need as {{ dbt.type_string() }}) as need,
    cast(need_value as {{ dbt.type_string() }}) as need_value
from needs
