{{ config(enabled=offers_entity("customers")) }}

with best_values as (select * from {{ ref("int_identity__best_values") }})

select customer_id, attribute, value, source_name, record_id, survivorship_rule
from best_values
