select cast(null as {{ dbt.type_string() }}) as salt where 1 = 0
