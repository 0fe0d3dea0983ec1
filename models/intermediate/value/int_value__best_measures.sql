{#- Each definition of a best customer as one measure, higher is better. -#}
{%- set fiscal_month = var("rfm_fiscal_year_start_month") | int -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    ltv as (select customer_id, ltv_36m_amount from {{ ref("customer_ltv") }}),

    orders as (select * from {{ ref("int_orders__resolved") }}),

    other_day_amounts as (select * from {{ ref("int_orders__other_day_amounts") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- The fiscal year that holds the last day before the as-of date. -#}
    fiscal_years as (

        select
            cast(
                {{
                    dbt.dateadd(
                        "month",
                        fiscal_month - 1,
                        dbt.date_trunc(
                            "year",
                            dbt.dateadd(
                                "month", 1 - fiscal_month, dbt.dateadd("day", -1, "as_of_date")
                            ),
                        ),
                    )
                }} as date
            ) as year_start_date
        from as_of_dates

    ),

    movements as (

        select customer_id, order_date as movement_date, revenue_amount as amount
        from orders
        union all
        select customer_id, order_date, - amount
        from other_day_amounts
        union all
        select customer_id, movement_date, amount
        from other_day_amounts

    ),

    year_revenue as (

        select movements.customer_id, sum(movements.amount) as revenue_amount
        from movements
        inner join fiscal_years on movements.movement_date >= fiscal_years.year_start_date
        group by movements.customer_id

    )

select
    customers.customer_id,
    cast(customers.observed_days as {{ type_money() }}) as longest_tenure,
    cast(coalesce(year_revenue.revenue_amount, 0) as {{ type_money() }}) as revenue_this_year,
    customers.revenue_amount as revenue_ever,
    ltv.ltv_36m_amount as lifetime_value
from customers
inner join ltv on customers.customer_id = ltv.customer_id
left join year_revenue on customers.customer_id = year_revenue.customer_id
