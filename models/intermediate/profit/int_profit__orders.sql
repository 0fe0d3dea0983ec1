{{ config(enabled=has_costs()) }}

{%- set lines = order_cost_lines() -%}
{#- What happens to an order later, with the parts that are no activities. -#}
{%- set later_parts = {"int_profit__refunds": {"return": "restocking"}} -%}
{%- if offers_entity("payments") -%}
    {%- do later_parts.update({"int_profit__payments": {"payment": "chargebacks"}}) -%}
{%- endif -%}

with

    orders as (select * from {{ ref("int_profit__order_goods") }}),

    shares as (select * from {{ ref("int_profit__goods_shares") }}),

    driver_rates as (

        select
            source_name,
            rate_date,
            {%- for line in lines %}
                {%- for driver in ["order", "order_line"] %}
                    {{ driver_rate(driver, line ~ "_cost") }} as {{ driver }}_{{ line }}_rate,
                    {{ driver_rate(driver, line ~ "_cost", "missing_count") }}
                    as {{ driver }}_{{ line }}_missing,
                {%- endfor %}
            {%- endfor %}
            count(*) as rate_count
        from {{ ref("int_profit__driver_rates") }}
        where driver in ('order', 'order_line')
        group by source_name, rate_date

    ),

    {#- What goods cost that are not known, of what moved on other days than the order's. -#}
    other_days as (

        select
            other_day_amounts.source_name,
            other_day_amounts.customer_id,
            other_day_amounts.order_id,
            other_day_amounts.currency,
            sum(
                {{ double_to_money("shares.goods_share * other_day_amounts.amount") }}
            ) as goods_cost_amount
        from {{ ref("int_orders__other_day_amounts") }} as other_day_amounts
        inner join
            shares
            on other_day_amounts.source_name = shares.source_name
            and other_day_amounts.order_date = shares.order_date
        group by
            other_day_amounts.source_name,
            other_day_amounts.customer_id,
            other_day_amounts.order_id,
            other_day_amounts.currency

    ),

    {#- What refunds and payments of the order cost, whenever they came. -#}
    later_costs as (

        select
            source_name,
            customer_id,
            order_id,
            currency,
            {%- for line in lines %}
                sum({{ line }}_amount) as {{ line }}_amount,
                sum({{ line }}_missing_count) as {{ line }}_missing_count {{ "," if not loop.last }}
            {%- endfor %}
        from
            (
                {%- for relation, direct in later_parts.items() %}
                    {% if not loop.first %}
                        union all
                    {% endif %}
                    select
                        source_name,
                        customer_id,
                        order_id,
                        currency,
                        {%- for line in lines %}
                            {% if line in direct -%}
                                case
                                    when
                                        {{ direct[line] }}_amount is not null
                                        or {{ line }}_activities_amount is not null
                                    then
                                        coalesce({{ direct[line] }}_amount, 0)
                                        + coalesce({{ line }}_activities_amount, 0)
                                end as {{ line }}_amount,
                            {%- else -%} {{ line }}_activities_amount as {{ line }}_amount,
                            {%- endif %}
                            {{ line }}_missing_count {{ "," if not loop.last }}
                        {%- endfor %}
                    from {{ ref(relation) }}
                {%- endfor %}
            ) as later_events
        group by source_name, customer_id, order_id, currency

    ),

    {% if offers_entity("shipping_costs") %}
        parcels as (

            select
                order_source_name as source_name,
                customer_id,
                order_id,
                order_currency as currency,
                sum(amount) as shipping_amount
            from {{ ref("int_profit__parcels") }}
            where quarantine_reason is null
            group by order_source_name, customer_id, order_id, order_currency

        ),
    {% endif %}

    priced as (

        select
            orders.*,
            case
                when orders.known_goods_cost_amount is not null
                then 'known'
                when shares.goods_share is not null
                then 'estimated'
            end as goods_cost_basis,
            coalesce(shares.is_told, false)
            and orders.known_goods_cost_amount is null as is_goods_share_told,
            shares.goods_share,
            case
                when orders.known_goods_cost_amount is not null
                then orders.known_goods_cost_amount
                else {{ double_to_money("shares.goods_share * orders.order_day_amount") }}
            end as order_day_goods_cost_amount,
            case
                when orders.known_goods_cost_amount is not null
                then 0
                else coalesce(other_days.goods_cost_amount, 0)
            end as other_days_goods_cost_amount,
            {% if offers_entity("shipping_costs") -%} parcels.shipping_amount
            {%- else -%} cast(null as {{ type_money() }}) as shipping_amount
            {%- endif %}
            {%- for line in lines %}
                ,
                later_costs.{{ line }}_amount as later_{{ line }}_amount,
                coalesce(later_costs.{{ line }}_missing_count, 0) as later_{{ line }}_missing_count,
                case
                    when
                        not orders.is_refund_only
                        and (
                            driver_rates.order_{{ line }}_rate is not null
                            or (
                                driver_rates.order_line_{{ line }}_rate is not null
                                and orders.order_line_count > 0
                            )
                        )
                    then
                        round(
                            coalesce(driver_rates.order_{{ line }}_rate, 0)
                            + orders.order_line_count
                            * coalesce(driver_rates.order_line_{{ line }}_rate, 0),
                            2
                        )
                end as {{ line }}_activities_amount,
                case
                    when orders.is_refund_only
                    then 0
                    else
                        coalesce(driver_rates.order_{{ line }}_missing, 0)
                        + orders.order_line_count
                        * coalesce(driver_rates.order_line_{{ line }}_missing, 0)
                end as {{ line }}_missing_count
            {%- endfor %}
        from orders
        left join
            shares
            on orders.source_name = shares.source_name
            and orders.order_date = shares.order_date
        left join
            driver_rates
            on orders.source_name = driver_rates.source_name
            and orders.order_date = driver_rates.rate_date
        left join later_costs on {{ same_order("orders", "later_costs") }}
        left join other_days on orders.has_other_days and {{ same_order("orders", "other_days") }}
        {% if offers_entity("shipping_costs") %}
            left join parcels on {{ same_order("orders", "parcels") }}
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
    order_line_count,
    cast(gross_amount + coalesce(discount_amount, 0) as {{ type_money() }}) as gross_sales_amount,
    discount_amount,
    cast(
        order_day_goods_cost_amount + other_days_goods_cost_amount as {{ type_money() }}
    ) as goods_cost_amount,
    cast(order_day_goods_cost_amount as {{ type_money() }}) as order_day_goods_cost_amount,
    cast(goods_cost_basis as {{ dbt.type_string() }}) as goods_cost_basis,
    is_goods_share_told,
    case when goods_cost_basis = 'estimated' then goods_share end as goods_share,
    cast(shipping_amount as {{ type_money() }}) as shipping_amount
    {%- for line in lines %}
        ,
        cast({{ line }}_activities_amount as {{ type_money() }}) as {{ line }}_activities_amount,
        cast({{ line }}_missing_count as {{ dbt.type_int() }}) as {{ line }}_missing_count,
        {# The whole line, null when nothing of it is known. #}
        {%- set known = [line ~ "_activities_amount", "later_" ~ line ~ "_amount"] -%}
        {%- if line == "fulfilment" -%} {%- do known.append("shipping_amount") -%} {%- endif %}
        case
            when {{ known | join(" is not null or ") }} is not null
            then
                cast(
                    {% for part in known -%}
                        coalesce({{ part }}, 0) {{ "+ " if not loop.last -}}
                    {%- endfor %} as {{ type_money() }}
                )
        end as {{ line }}_cost_amount,
        cast(
            {{ line }}_missing_count + later_{{ line }}_missing_count as {{ dbt.type_int() }}
        ) as {{ line }}_cost_missing_count
    {%- endfor %}
from priced
