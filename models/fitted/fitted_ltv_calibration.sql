{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__backtest_customers') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as date) as cut_date,
    cast(null as {{ dbt.type_string() }}) as measure,
    cast(null as {{ dbt.type_string() }}) as method,
    cast(null as boolean) as is_corrected,
    cast(null as {{ dbt.type_int() }}) as decile,
    cast(null as {{ dbt.type_bigint() }}) as customer_count,
    cast(null as {{ type_double() }}) as predicted_total,
    cast(null as {{ type_double() }}) as actual_total
where 1 = 0
