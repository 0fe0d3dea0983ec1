{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__order_counts') }}
-- depends_on: {{ ref('int_ltv__spend_counts') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as model,
    cast(null as {{ dbt.type_string() }}) as diagnostic,
    cast(null as {{ type_double() }}) as value
where 1 = 0
