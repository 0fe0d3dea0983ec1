{#- Runs of every topic. It names nothing it is learned from: what one topic learns from is scored with another's. -#}
select
    cast(null as {{ dbt.type_string() }}) as run_id,
    cast(null as {{ dbt.type_int() }}) as run_number,
    cast(null as {{ dbt.type_string() }}) as topic,
    cast(null as date) as as_of_date,
    cast(null as {{ dbt.type_string() }}) as model,
    cast(null as boolean) as is_accepted,
    cast(null as {{ dbt.type_string() }}) as refusal_reason,
    cast(null as {{ dbt.type_bigint() }}) as customer_count,
    cast(null as {{ dbt.type_bigint() }}) as repeat_customer_count,
    cast(null as {{ dbt.type_string() }}) as rfm_version
where 1 = 0
