{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__order_counts') }}
-- depends_on: {{ ref('int_ltv__spend_counts') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as ltv_group,
    cast(null as {{ dbt.type_string() }}) as other_group,
    cast(null as {{ dbt.type_string() }}) as model,
    cast(null as {{ dbt.type_string() }}) as parameter,
    cast(null as {{ dbt.type_string() }}) as other_parameter,
    cast(null as {{ type_double() }}) as covariance
where 1 = 0
