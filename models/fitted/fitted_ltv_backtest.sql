{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__backtest_customers') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as date) as cut_date,
    cast(null as {{ dbt.type_string() }}) as measure,
    cast(null as {{ dbt.type_string() }}) as method,
    cast(null as boolean) as is_corrected,
    cast(null as boolean) as is_model,
    cast(null as {{ dbt.type_int() }}) as holdout_days,
    cast(null as {{ dbt.type_bigint() }}) as customer_count,
    cast(null as {{ type_double() }}) as predicted_total,
    cast(null as {{ type_double() }}) as actual_total,
    cast(null as {{ type_double() }}) as total_bias,
    cast(null as {{ type_double() }}) as mean_absolute_error,
    cast(null as {{ type_double() }}) as root_mean_square_error,
    cast(null as {{ type_double() }}) as gini,
    cast(null as {{ type_double() }}) as calibration_error,
    cast(null as {{ type_double() }}) as top_share,
    cast(null as {{ type_double() }}) as interval_coverage,
    cast(null as {{ type_double() }}) as mean_rank,
    cast(null as boolean) as is_winner,
    cast(null as {{ dbt.type_string() }}) as refusal_reason
where 1 = 0
