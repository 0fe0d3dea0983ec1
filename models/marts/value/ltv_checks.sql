{#- How sure a warning has to be. Of simulated shops without either 1 in 100 has orders so regular, and 2 in 100 a
    month of twelve so strong: what is taken for noise holds that some customers order more than others. -#}
{%- set regularity_errors = double_literal(2.33) -%}
{%- set season_errors = double_literal(2) -%}
{%- set fit_checks = [
    {
        "name": "order_count_spend_correlation",
        "diagnostic": "order_count_spend_correlation",
        "is_of_spend": true,
        "check_limit": double_literal(var("rfm_ltv_correlation_limit")),
    },
    {
        "name": "equal_dropout",
        "diagnostic": "is_dropout_equal",
        "is_of_spend": false,
        "check_limit": double_literal(0),
    },
] -%}

with

    rhythm as (select * from {{ ref("int_ltv__order_rhythm") }}),

    months as (select * from {{ ref("int_ltv__order_months") }}),

    fit as (select * from {{ ref("int_ltv__current_fit") }}),

    diagnostics as (select * from {{ ref("fitted_ltv_diagnostics") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {#- The mean of n squares is off by sqrt(0.8 / n) where orders come at random. -#}
    regularity as (

        select
            'order_regularity' as check_name,
            order_regularity as check_value,
            {{ double_literal(var("rfm_ltv_regularity_limit")) }} as check_limit,
            case
                when customer_count >= {{ var("rfm_ltv_check_min_customers") | int }}
                then (1 - gap_unevenness) / sqrt({{ double_literal(0.8) }} / customer_count)
            end as standard_errors,
            {{ regularity_errors }} as needed_errors,
            customer_count as observation_count,
            cast(null as {{ dbt.type_int() }}) as calendar_month
        from rhythm

    ),

    calendar as (

        select
            calendar_month,
            cast(sum(order_count) as {{ type_double() }}) as order_count,
            {{ ordered_sum("usual_order_count", "months_back") }} as usual_order_count,
            sqrt(cast(sum(order_square_count) as {{ type_double() }})) as noise
        from months
        where usual_order_count is not null
        group by calendar_month

    ),

    strengths as (

        select
            calendar_month,
            order_count / nullif(usual_order_count, 0) as strength,
            (order_count - usual_order_count) / nullif(noise, 0) as standard_errors
        from calendar

    ),

    strongest as (

        select *, row_number() over (order by strength desc, calendar_month) as place
        from strengths
        where strength is not null

    ),

    history as (

        select
            count(*) as month_count,
            count(distinct calendar_month) filter (
                where usual_order_count is not null
            ) as known_count
        from months

    ),

    {#- Each month of the year has to be seen with half a year on either side. -#}
    season as (

        select
            'season' as check_name,
            case when history.known_count = 12 then strongest.strength end as check_value,
            {{ double_literal(var("rfm_ltv_season_limit")) }} as check_limit,
            case
                when history.known_count = 12 then strongest.standard_errors
            end as standard_errors,
            {{ season_errors }} as needed_errors,
            history.month_count as observation_count,
            case when history.known_count = 12 then strongest.calendar_month end as calendar_month
        from history
        left join strongest on strongest.place = 1

    ),

    fit_diagnostics as (

        select
            diagnostics.diagnostic,
            diagnostics.value,
            diagnostics.model = 'gamma_gamma' as is_of_spend
        from diagnostics
        inner join fit on diagnostics.run_id = fit.run_id

    ),

    {#- However many customers a diagnostic of the fit is of, there should be nothing to it. -#}
    {%- for check in fit_checks %}
        {{ check.name }} as (

            select
                '{{ check.name }}' as check_name,
                max(fit_diagnostics.value) filter (
                    where fit_diagnostics.diagnostic = '{{ check.diagnostic }}'
                ) as check_value,
                {{ check.check_limit }} as check_limit,
                {{ double_literal(0) }} as standard_errors,
                {{ double_literal(0) }} as needed_errors,
                cast(
                    coalesce(
                        max(fit_diagnostics.value) filter (
                            where fit_diagnostics.diagnostic = 'customer_count'
                        ),
                        0
                    ) as {{ dbt.type_bigint() }}
                ) as observation_count,
                cast(null as {{ dbt.type_int() }}) as calendar_month
            from as_of_dates
            left join
                fit_diagnostics on {{ "not " if not check.is_of_spend }}fit_diagnostics.is_of_spend

        ),
    {%- endfor %}

    checks as (

        select *
        from regularity
        union all
        select *
        from season
        {%- for check in fit_checks %}
            union all
            select *
            from {{ check.name }}
        {%- endfor %}

    )

select
    as_of_dates.as_of_date,
    cast(checks.check_name as {{ dbt.type_string() }}) as check_name,
    cast(checks.calendar_month as {{ dbt.type_int() }}) as calendar_month,
    cast(checks.observation_count as {{ dbt.type_bigint() }}) as observation_count,
    cast(checks.check_value as {{ type_double() }}) as check_value,
    cast(checks.check_limit as {{ type_double() }}) as check_limit,
    cast(checks.standard_errors as {{ type_double() }}) as standard_errors,
    checks.check_value is not null and checks.standard_errors is not null as is_known,
    coalesce(
        abs(checks.check_value) > checks.check_limit
        and checks.standard_errors >= checks.needed_errors,
        false
    ) as is_warning
from checks
cross join as_of_dates
