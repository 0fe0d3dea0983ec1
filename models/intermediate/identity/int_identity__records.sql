{{ config(enabled=offers_entity("customers"), materialized="view") }}

select {{ record_columns() | join(", ") }}
from {{ ref("int_identity__record_rows") }}
where quarantine_reason is null and not is_repeated
union all
select {{ record_columns() | join(", ") }}
from {{ ref("int_identity__repeated_rows") }}
where quarantine_reason is null and row_rank = 1
