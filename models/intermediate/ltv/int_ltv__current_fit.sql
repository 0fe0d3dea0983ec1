with

    runs as (select * from {{ ref("fitted_runs") }} where topic = 'ltv' and is_accepted),

    parameters as (select * from {{ ref("fitted_ltv_parameters") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- A date in the past scores with the fit that was known then. -#}
    known_runs as (

        select
            runs.run_id,
            runs.model,
            runs.as_of_date as fitted_as_of_date,
            row_number() over (
                order by runs.as_of_date desc, runs.run_number desc, {{ byte_order("runs.run_id") }}
            ) as newest
        from runs
        inner join as_of_dates on runs.as_of_date <= as_of_dates.as_of_date
        where runs.model = '{{ var("rfm_ltv_model") }}'

    )

select known_runs.run_id, known_runs.model, known_runs.fitted_as_of_date, {{ ltv_parameters() }}
from known_runs
inner join parameters on known_runs.run_id = parameters.run_id
where known_runs.newest = 1
group by known_runs.run_id, known_runs.model, known_runs.fitted_as_of_date
