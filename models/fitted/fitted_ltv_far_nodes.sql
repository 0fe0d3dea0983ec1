{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__order_counts') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as ltv_group,
    cast(null as {{ dbt.type_int() }}) as repeat_order_count,
    cast(null as {{ dbt.type_int() }}) as node_number,
    cast(null as {{ type_double() }}) as dropout_probability,
    cast(null as {{ type_double() }}) as weight
where 1 = 0
