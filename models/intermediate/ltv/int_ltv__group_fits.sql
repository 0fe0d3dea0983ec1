with

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    parameters as (select * from {{ ref("fitted_ltv_group_parameters") }}),

    groups as (

        select
            fit.run_id,
            fit.model,
            fit.fitted_as_of_date,
            parameters.ltv_group,
            {{ ltv_parameters() }}
        from fit
        inner join parameters on fit.run_id = parameters.run_id
        group by fit.run_id, fit.model, fit.fitted_as_of_date, parameters.ltv_group

    ),

    {#- The fit of everybody scores whoever is in no group that the fit knows. -#}
    everybody as (

        select
            run_id,
            model,
            fitted_as_of_date,
            cast('' as {{ dbt.type_string() }}) as ltv_group,
            r,
            alpha,
            a,
            b,
            s,
            beta,
            p,
            q,
            v
        from fit

    )

select *
from everybody
union all
select *
from groups
