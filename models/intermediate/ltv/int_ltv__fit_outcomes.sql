{{ config(materialized="view") }}

with

    orders as (select * from {{ ref("int_orders__resolved") }} where not is_refund_only),

    group_fits as (select * from {{ ref("int_ltv__tested_fits") }}),

    fits as (select run_id, fitted_as_of_date from group_fits where ltv_group = ''),

    {#- As scores do: whoever is in no group that the fit knows is one of everybody. -#}
    customers as (

        select customer_summary.customer_id, coalesce(group_fits.ltv_group, '') as fit_group
        from {{ ref("int_ltv__customer_summary") }} as customer_summary
        left join group_fits on customer_summary.ltv_group = group_fits.ltv_group

    ),

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
            histories.run_id,
            customers.fit_group,
            cast(histories.repeat_order_count as {{ dbt.type_int() }}) as repeat_order_count,
            cast(
                {{ dbt.datediff("histories.first_date", "histories.last_date", "day") }}
                as {{ dbt.type_int() }}
            ) as first_to_last_days,
            cast(
                {{ dbt.datediff("histories.first_date", "histories.fitted_as_of_date", "day") }}
                as {{ dbt.type_int() }}
            ) as observed_days,
            histories.order_count
        from histories
        inner join customers on histories.customer_id = customers.customer_id

    )

select
    run_id,
    fit_group,
    repeat_order_count,
    first_to_last_days,
    observed_days,
    count(*) as customer_count,
    cast(sum(order_count) as {{ dbt.type_bigint() }}) as order_count,
    cast(sum(order_count * order_count) as {{ dbt.type_bigint() }}) as order_square_count
from measured
group by run_id, fit_group, repeat_order_count, first_to_last_days, observed_days
