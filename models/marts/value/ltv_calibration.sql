with

    deciles as (select * from {{ ref("fitted_ltv_calibration") }}),

    current_backtest as (select * from {{ ref("int_ltv__current_backtest") }})

select
    deciles.run_id,
    current_backtest.as_of_date,
    deciles.cut_date,
    deciles.measure,
    deciles.method,
    deciles.is_corrected,
    deciles.decile,
    deciles.customer_count,
    deciles.predicted_total,
    deciles.actual_total,
    deciles.predicted_total / deciles.customer_count as predicted_mean,
    deciles.actual_total / deciles.customer_count as actual_mean
from deciles
inner join current_backtest on deciles.run_id = current_backtest.run_id
