{{ config(materialized="view") }}

with

    runs as (select * from {{ ref("fitted_runs") }} where topic = 'ltv' and is_accepted),

    {#- Everybody is the group ''. -#}
    parameters as (

        select run_id, cast('' as {{ dbt.type_string() }}) as ltv_group, model, parameter, estimate
        from {{ ref("fitted_ltv_parameters") }}
        union all
        select run_id, ltv_group, model, parameter, estimate
        from {{ ref("fitted_ltv_group_parameters") }}

    ),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- Of fits of one date the last one counts. -#}
    known_runs as (

        select
            runs.run_id,
            runs.model,
            runs.as_of_date as fitted_as_of_date,
            as_of_dates.as_of_date,
            {{ dbt.datediff("runs.as_of_date", "as_of_dates.as_of_date", "day") }} as horizon_days,
            row_number() over (
                partition by runs.as_of_date
                order by runs.run_number desc, {{ byte_order("runs.run_id") }}
            ) as newest_of_date
        from runs
        inner join as_of_dates on runs.as_of_date < as_of_dates.as_of_date
        where runs.model = '{{ var("rfm_ltv_model") }}'

    ),

    {#- A fit of last week has foretold little: the newest that is old enough is looked at, else the oldest. -#}
    chosen_runs as (

        select
            *,
            row_number() over (
                order by
                    case
                        when horizon_days >= {{ var("rfm_ltv_drift_days") | int }}
                        then horizon_days - 1000000
                        else - horizon_days
                    end
            ) as place
        from known_runs
        where newest_of_date = 1

    )

select
    chosen_runs.run_id,
    parameters.ltv_group,
    chosen_runs.model,
    chosen_runs.fitted_as_of_date,
    chosen_runs.as_of_date,
    cast(chosen_runs.horizon_days as {{ dbt.type_int() }}) as horizon_days,
    {%- for parameter in ["r", "alpha", "a", "b", "s", "beta"] %}
        max(parameters.estimate) filter (
            where parameters.parameter = '{{ parameter }}'
        ) as {{ parameter }}{{ "," if not loop.last }}
    {%- endfor %}
from chosen_runs
inner join
    parameters on chosen_runs.run_id = parameters.run_id and chosen_runs.model = parameters.model
where chosen_runs.place = 1
group by
    chosen_runs.run_id,
    parameters.ltv_group,
    chosen_runs.model,
    chosen_runs.fitted_as_of_date,
    chosen_runs.as_of_date,
    chosen_runs.horizon_days
