{{ config(materialized="view") }}

{#- Wheat & Morrison (1990) by the last two gaps of each customer. Where orders come at random, every split of the
    days between three order days is equally likely, so (difference of the gaps)^2 / (s (s-2)) is 1/3 on average for
    each number of days s, whatever the pace of the customer. Gamma gaps of shape k make it 1 / (2k+1). -#}
{%- set shortest_span_days = 7 -%}
{%- set highest_regularity = 100 -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }} where not is_refund_only),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- Orders of one day are one visit: they say nothing of how long a customer waits. -#}
    order_days as (

        select
            customer_id,
            order_date,
            dense_rank() over (partition by customer_id order by order_date desc) as days_back
        from orders

    ),

    last_days as (

        select
            customer_id,
            max(order_date) filter (where days_back = 1) as last_date,
            max(order_date) filter (where days_back = 2) as middle_date,
            max(order_date) filter (where days_back = 3) as early_date
        from order_days
        where days_back <= 3
        group by customer_id
        having max(days_back) = 3

    ),

    gaps as (

        select
            {{ dbt.datediff("early_date", "last_date", "day") }} as span_days,
            {{ dbt.datediff("middle_date", "last_date", "day") }}
            - {{ dbt.datediff("early_date", "middle_date", "day") }} as gap_difference_days
        from last_days

    ),

    {#- Whole numbers first: a sum of doubles would depend on the order of the rows. -#}
    spans as (

        select
            cast(span_days as {{ type_double() }}) as days,
            count(*) as customer_count,
            cast(
                sum(
                    cast(gap_difference_days as {{ dbt.type_bigint() }}) * gap_difference_days
                ) as {{ type_double() }}
            ) as squares
        from gaps
        where span_days >= {{ shortest_span_days }}
        group by span_days

    ),

    total as (

        select
            sum(customer_count) as customer_count,
            3
            * {{ ordered_sum("squares / (days * (days - 2))", "days") }}
            / cast(nullif(sum(customer_count), 0) as {{ type_double() }}) as gap_unevenness
        from spans

    )

select
    as_of_dates.as_of_date,
    cast(coalesce(total.customer_count, 0) as {{ dbt.type_bigint() }}) as customer_count,
    total.gap_unevenness,
    {# With perfectly regular gaps k has no limit. #}
    case
        when total.gap_unevenness * {{ 2 * highest_regularity + 1 }} <= 3
        then {{ double_literal(highest_regularity) }}
        else (3 / total.gap_unevenness - 1) / 2
    end as order_regularity
from as_of_dates
cross join total
