{#- The history holds the money of every customer at every as-of date, so the list of an earlier date can be made
    again: the top share by money, ties included. Two measures of money make no flow. -#}
with

    as_of_dates as (

        select as_of_date, previous_as_of_date
        from {{ ref("int_time__as_of_dates") }}
        where is_current and previous_as_of_date is not null

    ),

    history as (

        select history.*
        from {{ ref("customer_rfm_history") }} as history
        inner join
            as_of_dates
            on history.as_of_date in (as_of_dates.as_of_date, as_of_dates.previous_as_of_date)

    ),

    measures as (

        select max(monetary_measure) as monetary_measure
        from history
        having min(monetary_measure) = max(monetary_measure)

    ),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    ranked as (

        select
            history.*,
            rank() over (
                partition by history.as_of_date order by history.monetary_amount desc
            ) as money_rank,
            count(*) over (partition by history.as_of_date) as customer_count
        from history
        left join excluded on history.customer_id = excluded.customer_id
        where excluded.customer_id is null

    ),

    best as (

        select as_of_date, customer_id, first_order_date
        from ranked
        where
            monetary_amount > 0
            and money_rank
            <= ceil(customer_count * {{ double_literal(var("rfm_best_share")) }} - 1e-9)

    ),

    before as (

        select best.customer_id
        from best
        inner join as_of_dates on best.as_of_date = as_of_dates.previous_as_of_date

    ),

    after as (

        select best.customer_id, best.first_order_date
        from best
        inner join as_of_dates on best.as_of_date = as_of_dates.as_of_date

    ),

    moves as (

        select
            case when before.customer_id is not null then 1 else 0 end as was_best,
            case when after.customer_id is not null then 1 else 0 end as is_best,
            after.first_order_date
        from before
        full outer join after on before.customer_id = after.customer_id

    )

select
    as_of_dates.previous_as_of_date as from_as_of_date,
    as_of_dates.as_of_date as to_as_of_date,
    measures.monetary_measure,
    cast(sum(moves.was_best) as {{ dbt.type_bigint() }}) as opening_count,
    cast(sum(moves.was_best * moves.is_best) as {{ dbt.type_bigint() }}) as stayed_count,
    cast(
        count(*) filter (
            where moves.was_best = 0 and moves.first_order_date < as_of_dates.previous_as_of_date
        ) as {{ dbt.type_bigint() }}
    ) as risen_count,
    cast(
        count(*) filter (
            where moves.was_best = 0 and moves.first_order_date >= as_of_dates.previous_as_of_date
        ) as {{ dbt.type_bigint() }}
    ) as new_count,
    cast(sum(moves.was_best * (1 - moves.is_best)) as {{ dbt.type_bigint() }}) as left_count,
    cast(sum(moves.is_best) as {{ dbt.type_bigint() }}) as closing_count,
    cast(
        sum(moves.was_best * moves.is_best)
        / nullif(cast(sum(moves.was_best) as {{ type_double() }}), 0) as {{ type_double() }}
    ) as retained_share
from moves
cross join as_of_dates
cross join measures
group by as_of_dates.previous_as_of_date, as_of_dates.as_of_date, measures.monetary_measure
