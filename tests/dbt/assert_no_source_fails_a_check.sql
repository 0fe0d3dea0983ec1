-- A failed check stops the run here: the last good marts stay, and its row counts are not kept.
select source_name, entity, check_name, column_name, value, threshold
from {{ ref("source_quality") }}
where status = 'fail'
