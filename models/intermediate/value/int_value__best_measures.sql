{#- Each definition of a best customer as one measure, higher is better. -#}
{%- set fiscal_month = var("rfm_fiscal_year_start_month") | int -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    ltv as (select customer_id, ltv_36m_amount from {{ ref("customer_ltv") }}),

    customer_days as (select * from {{ ref("int_value__customer_days") }}),

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

    money as (

        select
            customer_days.customer_id,
            sum(
                case
                    when customer_days.movement_date >= fiscal_years.year_start_date
                    then customer_days.revenue_amount
                    else 0
                end
            ) as revenue_this_year,
            sum(
                case
                    when customer_days.movement_date >= fiscal_years.year_start_date
                    then customer_days.profit_amount
                    else 0
                end
            ) as profit_this_year,
            sum(customer_days.profit_amount) as profit_ever
        from customer_days
        cross join fiscal_years
        group by customer_days.customer_id

    )

select
    customers.customer_id,
    cast(customers.observed_days as {{ type_money() }}) as longest_tenure,
    cast(coalesce(money.revenue_this_year, 0) as {{ type_money() }}) as revenue_this_year,
    customers.revenue_amount as revenue_ever,
    cast(coalesce(money.profit_this_year, 0) as {{ type_money() }}) as profit_this_year,
    cast(coalesce(money.profit_ever, 0) as {{ type_money() }}) as profit_ever,
    ltv.ltv_36m_amount as lifetime_value
from customers
inner join ltv on customers.customer_id = ltv.customer_id
left join money on customers.customer_id = money.customer_id
