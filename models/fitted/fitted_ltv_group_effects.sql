{{ config(partition_by="run_id" if target.type == "spark" else none) }}

-- depends_on: {{ ref('int_ltv__order_counts') }}
-- depends_on: {{ ref('int_ltv__spend_counts') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as model,
    cast(null as {{ dbt.type_string() }}) as term,
    cast(null as {{ dbt.type_string() }}) as parameter,
    cast(null as {{ type_double() }}) as estimate,
    cast(null as {{ type_double() }}) as standard_error
where 1 = 0
