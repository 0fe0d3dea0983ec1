with

    results as (select * from {{ ref("fitted_ltv_backtest") }}),

    current_backtest as (select * from {{ ref("int_ltv__current_backtest") }})

select
    results.run_id,
    current_backtest.as_of_date,
    results.cut_date,
    results.measure,
    results.method,
    results.is_corrected,
    results.is_model,
    results.holdout_days,
    results.customer_count,
    results.predicted_total,
    results.actual_total,
    results.total_bias,
    results.mean_absolute_error,
    results.root_mean_square_error,
    results.gini,
    results.calibration_error,
    results.top_share,
    results.interval_coverage,
    results.mean_rank,
    results.is_winner,
    results.refusal_reason
from results
inner join current_backtest on results.run_id = current_backtest.run_id
