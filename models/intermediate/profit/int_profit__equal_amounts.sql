{#- Customers who earn the same are one row: they differ in nothing that concentration is about, and they are few
    rows where customers are many. -#}
with

    orders_by_customer as (select * from {{ ref("int_orders__by_customer") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {% if has_costs() %} buyers as (select * from {{ ref("int_profit__buyers") }}), {% endif %}

    amounts as (

        select
            as_of_dates.as_of_date,
            'revenue' as measure,
            'net_revenue' as profit_measure,
            orders_by_customer.revenue_amount as amount
        from orders_by_customer
        inner join as_of_dates on orders_by_customer.as_of_date = as_of_dates.as_of_date
        {% if has_costs() %}
            union all
            select as_of_date, 'profit' as measure, profit_measure, profit_amount as amount
            from buyers
        {% endif %}

    ),

    grouped as (

        select as_of_date, measure, profit_measure, amount, count(*) as customer_count
        from amounts
        group by as_of_date, measure, profit_measure, amount

    )

select
    as_of_date,
    measure,
    profit_measure,
    amount,
    customer_count,
    cast(
        coalesce(sum(customer_count) over better, 0) as {{ dbt.type_bigint() }}
    ) as better_customer_count,
    cast(
        coalesce(sum(amount * customer_count) over better, 0) as {{ type_money() }}
    ) as better_amount,
    cast(
        sum(customer_count) over (partition by measure) as {{ dbt.type_bigint() }}
    ) as all_customer_count,
    cast(
        sum(amount * customer_count) over (partition by measure) as {{ type_money() }}
    ) as total_amount
from grouped
window
    better as (
        partition by measure order by amount desc rows between unbounded preceding and 1 preceding
    )
