select count(distinct 10 * past_score + future_score) as cell_count
from {{ ref("value_cells") }}
having count(distinct 10 * past_score + future_score) <> 25
