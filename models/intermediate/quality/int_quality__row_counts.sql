{#- Built after the tests of source_quality have passed: the counts of a run that failed are not kept, so that the
    next one is compared with the last good one again. -#}
{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}

with

    row_counts as (select * from {{ ref("source_quality") }} where check_name = 'row_count'),

    runs as (

        {% if is_incremental() %}select coalesce(max(run_number), 0) as run_number from {{ this }}
        {% else %}select 0 as run_number
        {% endif %}

    )

select
    cast(runs.run_number + 1 as {{ dbt.type_int() }}) as run_number,
    row_counts.as_of_date,
    row_counts.source_name,
    row_counts.entity,
    row_counts.row_count,
    cast({{ source_location("row_counts.source_name") }} as {{ dbt.type_string() }}) as location
from row_counts
cross join runs
