{{ config(severity="warn") }}

select source_name, entity, check_name, column_name, value, threshold
from {{ ref("source_quality") }}
where status = 'warn'
