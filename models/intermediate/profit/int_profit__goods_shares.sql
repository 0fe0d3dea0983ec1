{{ config(enabled=has_costs()) }}

{%- set double = type_double() -%}
{%- set told = var("rfm_profit_goods_cost_shares") -%}
{%- for source_name, share in told.items() -%}
    {%- if share is not number or share < 0 -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_profit_goods_cost_shares says '"
                ~ share
                ~ "' for "
                ~ source_name
                ~ ": give a share of net sales, such as 0.5"
            )
        }}
    {%- elif not offers_entity("orders", source_name) -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_profit_goods_cost_shares names '"
                ~ source_name
                ~ "', which offers no orders (rfm_sources)"
            )
        }}
    {%- endif -%}
{%- endfor -%}

with

    orders as (select * from {{ ref("int_profit__order_goods") }}),

    {#- Of one day alone, so that an earlier as-of date is not told what came later. -#}
    daily as (

        select
            source_name,
            order_date,
            sum(order_day_amount) as net_amount,
            sum(known_goods_cost_amount) as goods_amount,
            sum(order_day_amount) filter (
                where known_goods_cost_amount is not null
            ) as known_net_amount
        from orders
        group by source_name, order_date

    ),

    totalled as (

        select
            source_name,
            order_date,
            sum(goods_amount) over source_so_far as source_goods,
            sum(known_net_amount) over source_so_far as source_net,
            sum(goods_amount) over whole_source as whole_source_goods,
            sum(known_net_amount) over whole_source as whole_source_net,
            {# Without a frame a day holds all its sources. #}
            sum(goods_amount) over (order by order_date) as all_goods,
            sum(known_net_amount) over (order by order_date) as all_net,
            sum(goods_amount) over () as whole_goods,
            sum(known_net_amount) over () as whole_net,
            sum(net_amount) over whole_source as whole_source_sales
        from daily
        window
            source_so_far as (
                partition by source_name
                order by order_date
                rows between unbounded preceding and current row
            ),
            whole_source as (partition by source_name)

    ),

    shares as (

        select
            *,
            coalesce(
                {{ money_share("source_goods", "source_net") }},
                {{ money_share("whole_source_goods", "whole_source_net") }}
            ) as source_share,
            {% if told -%}
                case
                    source_name
                    {%- for source_name, share in told.items() %}
                        when '{{ source_name }}' then {{ double_literal(share) }}
                    {%- endfor %}
                end
            {%- else -%} cast(null as {{ double }})
            {%- endif %} as told_share,
            coalesce(
                {{ money_share("all_goods", "all_net") }},
                {{ money_share("whole_goods", "whole_net") }}
            ) as all_share
        from totalled

    ),

    {#- The mean of what is told, where nothing is known. -#}
    told_means as (

        select sum(source_sales * told_share) / nullif(sum(source_sales), 0) as told_mean_share
        from
            (
                select distinct
                    source_name,
                    told_share,
                    cast(whole_source_sales as {{ double }}) as source_sales
                from shares
                where told_share is not null and whole_source_sales > 0
            ) as told_sources

    )

select
    shares.source_name,
    shares.order_date,
    coalesce(
        shares.source_share, shares.told_share, shares.all_share, told_means.told_mean_share
    ) as goods_share,
    shares.source_share is null and shares.told_share is not null as is_told
from shares
cross join told_means
