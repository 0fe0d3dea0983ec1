-- Where the tie-break decides nothing, a score's values lie wholly beyond those of the score
-- below: equal
-- values have equal scores, and a better value never scores less. Equal-sized groups may share
-- one value,
-- nested ones are only comparable within their nest.
with thresholds as (select * from {{ ref("rfm_thresholds") }} where customer_count > 0)

select better.as_of_date, better.measure, better.score
from thresholds as better
inner join
    thresholds as worse
    on better.as_of_date = worse.as_of_date
    and better.measure = worse.measure
    and better.score > worse.score
where
    better.as_of_date
    in (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current)
    and better.score_method in ('midrank', 'thresholds', 'quantile_r')
    and case
        when better.measure = 'recency'
        then better.highest_value >= worse.lowest_value
        else better.lowest_value <= worse.highest_value
    end
