{#- Nine tenths of a normal distribution lie so many standard errors around its mean. -#}
{%- set reach = double_literal(1.6448536269514722) -%}
{%- set descriptions = {
    "r": "how alike customers are in how often they order: the higher, the more alike",
    "alpha": "what r is divided by to give the orders of a day, on average: the higher, the fewer",
    "a": "chances of leaving after an order, beside b: a / (a + b) on average",
    "b": "chances of staying after an order, beside a; the higher both, the more alike customers are",
    "s": "how alike customers are in how long they stay: the higher, the more alike",
    "beta": "what s is divided by to give the chance of leaving in a day: the higher, the longer they stay",
    "p": "how even the orders of one customer are in value: the higher, the more even",
    "q": "how alike customers are in what they spend on an order: the higher, the more alike",
    "v": "the scale of order values: an order brings p v / (q - 1) on average",
} -%}

with

    fit as (select run_id, fitted_as_of_date from {{ ref("int_ltv__current_fit") }}),

    everybody as (

        select learned.*
        from {{ ref("fitted_ltv_parameters") }} as learned
        inner join fit on learned.run_id = fit.run_id

    ),

    {#- A group whose spend has no mean of its own has the parameters of everybody, and their errors. -#}
    groups as (

        select
            learned.ltv_group,
            learned.model,
            learned.parameter,
            learned.estimate,
            coalesce(learned.standard_error, everybody.standard_error) as standard_error
        from {{ ref("fitted_ltv_group_parameters") }} as learned
        inner join
            everybody
            on learned.run_id = everybody.run_id
            and learned.model = everybody.model
            and learned.parameter = everybody.parameter

    ),

    estimates as (

        select
            cast('' as {{ dbt.type_string() }}) as ltv_group,
            model,
            parameter,
            estimate,
            standard_error
        from everybody
        union all
        select ltv_group, model, parameter, estimate, standard_error
        from groups

    ),

    {#- One that is held (equal dropout) has no error. -#}
    parameters as (

        select
            ltv_group,
            model,
            parameter,
            estimate,
            nullif(standard_error, {{ double_literal(0) }}) as standard_error
        from estimates

    )

select
    fit.fitted_as_of_date,
    parameters.ltv_group,
    parameters.model,
    parameters.parameter,
    parameters.estimate,
    parameters.standard_error,
    parameters.estimate
    * {{ exp_above_zero("-" ~ reach ~ " * parameters.standard_error / parameters.estimate") }}
    as lower_estimate,
    {#- Of what is next to unknown there is no bound. -#}
    case
        when {{ reach }} * parameters.standard_error / parameters.estimate < 300
        then
            parameters.estimate * exp({{ reach }} * parameters.standard_error / parameters.estimate)
    end as upper_estimate,
    cast(
        case
            parameters.parameter
            {%- for parameter, description in descriptions.items() %}
                when '{{ parameter }}' then '{{ description }}'
            {%- endfor %}
        end as {{ dbt.type_string() }}
    ) as description
from parameters
cross join fit
