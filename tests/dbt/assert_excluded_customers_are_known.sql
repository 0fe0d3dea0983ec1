{{ config(severity="warn") }}

select customer_or_record_id, reason
from {{ ref("int_value__told_exclusions") }}
where customer_id is null
