{#- What customers who came in one month brought since, month by month, to the end of the data. -#}
{%- set double = type_double() -%}
{%- set rate = double_literal(var("rfm_ltv_annual_discount_rate")) -%}
{%- set month_index = (
    "cast(extract(year from {0}) * 12 + extract(month from {0}) as "
    ~ dbt.type_int()
    ~ ")"
) -%}

with

    customers as (
        select customer_id, first_order_date
        from {{ ref("customers") }}
        where first_order_date is not null
    ),

    customer_days as (select * from {{ ref("int_value__customer_days") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    cohorts as (

        select
            {{ month_index.format("first_order_date") }} as cohort_index,
            cast({{ dbt.date_trunc("month", "min(first_order_date)") }} as date) as cohort_month,
            count(*) as customer_count
        from customers
        group by {{ month_index.format("first_order_date") }}

    ),

    {#- A cost before the first order is one of winning the customer. -#}
    moved as (

        select
            {{ month_index.format("customers.first_order_date") }} as cohort_index,
            greatest(
                {{ month_index.format("customer_days.movement_date") }},
                {{ month_index.format("customers.first_order_date") }}
            ) as moved_index,
            customer_days.customer_id,
            customer_days.order_count,
            customer_days.revenue_amount,
            customer_days.profit_amount
        from customer_days
        inner join customers on customer_days.customer_id = customers.customer_id

    ),

    months as (

        select
            cohort_index,
            moved_index,
            count(distinct case when order_count > 0 then customer_id end) as buying_customer_count,
            sum(order_count) as order_count,
            sum(revenue_amount) as revenue_amount,
            sum(profit_amount) as profit_amount
        from moved
        group by cohort_index, moved_index

    ),

    {#- A month in which a cohort bought nothing is a month of it, too. -#}
    calendar as (select distinct moved_index from months),

    filled as (

        select
            cohorts.cohort_month,
            calendar.moved_index - cohorts.cohort_index as month_number,
            cohorts.customer_count,
            coalesce(months.buying_customer_count, 0) as buying_customer_count,
            coalesce(months.order_count, 0) as order_count,
            coalesce(months.revenue_amount, 0) as revenue_amount,
            coalesce(months.profit_amount, 0) as profit_amount
        from cohorts
        inner join calendar on calendar.moved_index >= cohorts.cohort_index
        left join
            months
            on cohorts.cohort_index = months.cohort_index
            and calendar.moved_index = months.moved_index

    ),

    discounted as (

        select
            *,
            {{
                double_to_money(
                    "cast(profit_amount as "
                    ~ double
                    ~ ") * power(1 + "
                    ~ rate
                    ~ ", - month_number / cast(12 as "
                    ~ double
                    ~ "))"
                )
            }} as discounted_profit_amount
        from filled

    ),

    added as (

        select
            *,
            {%- for column in ["revenue", "profit", "discounted_profit"] %}
                cast(
                    sum({{ column }}_amount) over (
                        partition by cohort_month
                        order by month_number
                        rows between unbounded preceding and current row
                    ) as {{ type_money() }}
                ) as {{ column }}_to_date_amount {{- "," if not loop.last }}
            {%- endfor %}
        from discounted

    )

select
    as_of_dates.as_of_date,
    cohort_month,
    cast(month_number as {{ dbt.type_int() }}) as month_number,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(buying_customer_count as {{ dbt.type_bigint() }}) as buying_customer_count,
    cast(order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(revenue_amount as {{ type_money() }}) as revenue_amount,
    cast(profit_amount as {{ type_money() }}) as profit_amount,
    revenue_to_date_amount,
    profit_to_date_amount,
    discounted_profit_to_date_amount,
    {{ divide_money("discounted_profit_to_date_amount", "customer_count") }}
    as value_per_customer_amount
from added
cross join as_of_dates
