{#- A date in the past knows no later back-test. -#}
with

    runs as (select * from {{ ref("fitted_runs") }} where topic = 'ltv_backtest' and is_accepted),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    known_runs as (

        select
            runs.run_id,
            runs.as_of_date,
            row_number() over (
                order by runs.as_of_date desc, runs.run_number desc, {{ byte_order("runs.run_id") }}
            ) as newest
        from runs
        inner join as_of_dates on runs.as_of_date <= as_of_dates.as_of_date

    )

select run_id, as_of_date
from known_runs
where newest = 1
