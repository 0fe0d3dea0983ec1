select
    cast(null as {{ dbt.type_string() }}) as erasure_id,
    cast(null as date) as as_of_date,
    cast(null as {{ dbt.type_string() }}) as tombstone_type,
    cast(null as {{ dbt.type_string() }}) as tombstone
where 1 = 0
