{{ config(materialized="view") }}

{#- Classical decomposition: a month beside the mean of the twelve months around it, half of the month six before
    and half of that six after. Growth, and the decay of old customers, then hardly look like a season. -#}
{%- set longest_months = 36 -%}

with

    orders as (select * from {{ ref("int_orders__resolved") }} where not is_refund_only),

    first_orders as (

        select
            orders_by_customer.customer_id,
            cast(
                extract(year from orders_by_customer.first_order_date) * 12
                + extract(month from orders_by_customer.first_order_date) as {{ dbt.type_int() }}
            ) as month_number
        from {{ ref("int_orders__by_customer") }} as orders_by_customer
        inner join
            {{ ref("int_time__as_of_dates") }} as dates
            on orders_by_customer.as_of_date = dates.as_of_date
        where dates.is_current

    ),

    as_of_dates as (

        select
            as_of_date,
            cast(
                extract(year from as_of_date) * 12
                + extract(month from as_of_date) as {{ dbt.type_int() }}
            ) as month_number
        from {{ ref("int_time__as_of_dates") }}
        where is_current

    ),

    months_back as (

        {% for month in range(1, longest_months + 1) %}
            select {{ month }} as months_back
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    customer_months as (

        select
            customer_id,
            cast(
                extract(year from order_date) * 12
                + extract(month from order_date) as {{ dbt.type_int() }}
            ) as month_number,
            count(*) as order_count
        from orders
        group by
            customer_id,
            cast(
                extract(year from order_date) * 12
                + extract(month from order_date) as {{ dbt.type_int() }}
            )

    ),

    {#- The models foretell what customers order after the first time. -#}
    repeats as (

        select
            customer_months.month_number,
            customer_months.order_count - case
                when customer_months.month_number = first_orders.month_number then 1 else 0
            end as order_count
        from customer_months
        inner join first_orders on customer_months.customer_id = first_orders.customer_id

    ),

    months as (

        select
            month_number,
            sum(order_count) as order_count,
            sum(order_count * order_count) as order_square_count
        from repeats
        group by month_number

    ),

    {#- The month of the very first order and that of the as-of date are not whole. -#}
    whole_months as (

        select
            as_of_dates.as_of_date,
            months_back.months_back,
            as_of_dates.month_number - months_back.months_back as month_number
        from as_of_dates
        cross join months_back
        where
            as_of_dates.month_number - months_back.months_back
            > (select min(months.month_number) from months)

    ),

    counts as (

        select
            whole_months.as_of_date,
            whole_months.months_back,
            whole_months.month_number,
            coalesce(months.order_count, 0) as order_count,
            coalesce(months.order_square_count, 0) as order_square_count
        from whole_months
        left join months on whole_months.month_number = months.month_number

    ),

    trends as (

        select
            counts.month_number,
            sum(
                around.order_count
                * case when abs(around.month_number - counts.month_number) = 6 then 1 else 2 end
            )
            / {{ double_literal(24) }} as usual_order_count
        from counts
        inner join
            counts as around
            on around.month_number between counts.month_number - 6 and counts.month_number + 6
        group by counts.month_number
        having count(*) = 13

    )

select
    counts.as_of_date,
    cast(counts.months_back as {{ dbt.type_int() }}) as months_back,
    cast(mod(counts.month_number - 1, 12) + 1 as {{ dbt.type_int() }}) as calendar_month,
    cast(counts.order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(counts.order_square_count as {{ dbt.type_bigint() }}) as order_square_count,
    trends.usual_order_count
from counts
left join trends on counts.month_number = trends.month_number
