-- Only the dates this build computed: finished dates do not change.
with

    history as (select * from {{ ref("customer_rfm_history") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_pending)

select history.as_of_date, history.customer_id, count(*) as row_count
from history
inner join as_of_dates on history.as_of_date = as_of_dates.as_of_date
group by history.as_of_date, history.customer_id
having count(*) > 1
