{{
    config(
        enabled=offers_entity("customers"),
        partition_by="run_id" if target.type == "spark" else none,
    )
}}

-- depends_on: {{ ref('int_identity__records') }}
-- depends_on: {{ ref('int_identity__suppressed') }}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_string() }}) as left_record_id,
    cast(null as {{ dbt.type_string() }}) as right_record_id,
    cast(null as {{ type_double() }}) as match_probability,
    cast(null as {{ type_double() }}) as match_weight,
    cast(null as {{ dbt.type_string() }}) as evidence
where 1 = 0
