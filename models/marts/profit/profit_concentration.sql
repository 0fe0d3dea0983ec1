{#- Gini: how far two customers lie apart on average, over twice the mean. 0 when all earn the same, at most 1 while
    nobody loses money, above 1 when losses are large; not defined where nothing is earned in all. -#}
with

    equal_amounts as (select * from {{ ref("int_profit__equal_amounts") }}),

    curve as (select * from {{ ref("profit_curve") }}),

    totals as (

        select
            as_of_date,
            measure,
            profit_measure,
            all_customer_count as customer_count,
            total_amount,
            cast(total_amount as {{ type_double() }}) as total,
            coalesce(sum(amount * customer_count) filter (where amount > 0), 0) as earned_amount,
            coalesce(sum(customer_count) filter (where amount > 0), 0) as earning_customer_count,
            coalesce(sum(amount * customer_count) filter (where amount < 0), 0) as loss_amount,
            coalesce(sum(customer_count) filter (where amount < 0), 0) as loss_customer_count,
            sum(
                cast(amount * customer_count as {{ type_double() }}) * cast(
                    all_customer_count
                    - 2 * better_customer_count
                    - customer_count as {{ type_double() }}
                )
            ) as weighted_amount
        from equal_amounts
        group by as_of_date, measure, profit_measure, all_customer_count, total_amount

    ),

    top_shares as (

        select
            measure,
            max(cumulative_share) filter (where customer_percent = 10) as top_10_share,
            max(cumulative_share) filter (where customer_percent = 20) as top_20_share,
            max(cumulative_share) filter (where customer_percent = 50) as top_50_share
        from curve
        group by measure

    )

select
    totals.as_of_date,
    cast(totals.measure as {{ dbt.type_string() }}) as measure,
    cast(totals.profit_measure as {{ dbt.type_string() }}) as profit_measure,
    cast(totals.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(totals.total_amount as {{ type_money() }}) as total_amount,
    top_shares.top_10_share,
    top_shares.top_20_share,
    top_shares.top_50_share,
    case
        when totals.total > 0
        then
            totals.weighted_amount
            / (cast(totals.customer_count as {{ type_double() }}) * totals.total)
    end as gini,
    case
        when totals.total > 0 then cast(totals.earned_amount as {{ type_double() }}) / totals.total
    end as peak_share,
    100
    * cast(totals.earning_customer_count as {{ type_double() }})
    / cast(totals.customer_count as {{ type_double() }}) as peak_customer_percent,
    cast(totals.loss_customer_count as {{ dbt.type_bigint() }}) as loss_customer_count,
    cast(totals.loss_amount as {{ type_money() }}) as loss_amount
from totals
inner join top_shares on totals.measure = top_shares.measure
