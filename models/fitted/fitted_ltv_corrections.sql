{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__backtest_customers') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as model,
    cast(null as {{ dbt.type_string() }}) as measure,
    cast(null as {{ type_double() }}) as from_yearly,
    cast(null as {{ type_double() }}) as until_yearly,
    cast(null as {{ type_double() }}) as intercept,
    cast(null as {{ type_double() }}) as slope
where 1 = 0
