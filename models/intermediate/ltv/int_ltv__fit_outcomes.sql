{{ config(materialized="view") }}

with

    orders as (select * from {{ ref("int_orders__resolved") }} where not is_refund_only),

    fits as (select run_id, fitted_as_of_date from {{ ref("int_ltv__tested_fits") }}),

    {#- As the fit counted them: each order, or (merge) each day with orders. -#}
    purchases as (

        {% if var("rfm_ltv_orders") == "merge" %}select distinct customer_id, order_date from orders
        {% else %}select customer_id, order_date from orders
        {% endif %}

    ),

    histories as (

        select
            fits.run_id,
            fits.fitted_as_of_date,
            purchases.customer_id,
            min(purchases.order_date) as first_date,
            max(purchases.order_date) filter (
                where purchases.order_date < fits.fitted_as_of_date
            ) as last_date,
            count(*) filter (where purchases.order_date < fits.fitted_as_of_date)
            - 1 as repeat_order_count,
            count(*) filter (where purchases.order_date >= fits.fitted_as_of_date) as order_count
        from purchases
        cross join fits
        group by fits.run_id, fits.fitted_as_of_date, purchases.customer_id
        having min(purchases.order_date) < fits.fitted_as_of_date

    ),

    measured as (

        select
            run_id,
            cast(repeat_order_count as {{ dbt.type_int() }}) as repeat_order_count,
            cast(
                {{ dbt.datediff("first_date", "last_date", "day") }} as {{ dbt.type_int() }}
            ) as first_to_last_days,
            cast(
                {{ dbt.datediff("first_date", "fitted_as_of_date", "day") }} as {{ dbt.type_int() }}
            ) as observed_days,
            order_count
        from histories

    )

select
    run_id,
    repeat_order_count,
    first_to_last_days,
    observed_days,
    count(*) as customer_count,
    cast(sum(order_count) as {{ dbt.type_bigint() }}) as order_count,
    cast(sum(order_count * order_count) as {{ dbt.type_bigint() }}) as order_square_count
from measured
group by run_id, repeat_order_count, first_to_last_days, observed_days
