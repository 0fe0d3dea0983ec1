with

    customers as (select * from {{ ref("customer_rfm") }}),

    segments as (

        select
            as_of_date,
            rfm_segment,
            count(*) as customer_count,
            sum(monetary_amount) as monetary_amount,
            sum(frequency) as order_count,
            avg(cast(recency_days as {{ type_double() }})) as mean_recency_days
        from customers
        group by as_of_date, rfm_segment

    )

select
    as_of_date,
    rfm_segment,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(order_count as {{ dbt.type_bigint() }}) as order_count,
    cast(monetary_amount as {{ type_money() }}) as monetary_amount,
    {{ divide_money("monetary_amount", "customer_count") }} as mean_monetary_amount,
    cast(mean_recency_days as {{ type_double() }}) as mean_recency_days,
    cast(
        customer_count
        / cast(sum(customer_count) over () as {{ type_double() }}) as {{ type_double() }}
    ) as customer_share,
    cast(
        cast(monetary_amount as {{ type_double() }}) / nullif(
            cast(sum(monetary_amount) over () as {{ type_double() }}), 0
        ) as {{ type_double() }}
    ) as monetary_share
from segments
