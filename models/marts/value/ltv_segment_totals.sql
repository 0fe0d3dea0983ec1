{%- set parameters = ["r", "alpha", "a", "b", "s", "beta", "p", "q", "v"] -%}
{%- set segment_types = {
    "company": "'all'",
    "rfm_segment": "rfm_segment",
    "value_cell": "value_cell",
} -%}
{%- if ltv_group_attributes() | length > 0 -%}
    {%- do segment_types.update({"ltv_group": "ltv_group"}) -%}
{%- endif -%}
{#- Nine tenths of a normal distribution lie so many standard errors around its mean. -#}
{%- set reach = double_literal(1.6448536269514722) -%}

with

    ltv as (select * from {{ ref("customer_ltv") }}),

    uncertain as (select * from {{ ref("int_ltv__uncertain_values") }}),

    customers as (select customer_id, ltv_group from {{ ref("int_ltv__customer_summary") }}),

    rfm as (select customer_id, rfm_segment from {{ ref("customer_rfm") }}),

    cells as (select customer_id, value_cell from {{ ref("customer_value") }}),

    fit as (select run_id from {{ ref("int_ltv__current_fit") }}),

    covariances as (

        select
            learned.ltv_group,
            learned.other_group,
            learned.parameter,
            learned.other_parameter,
            learned.covariance
        from {{ ref("fitted_ltv_covariances") }} as learned
        inner join fit on learned.run_id = fit.run_id

    ),

    {#- Customers who are in all segments together: there are few such sets of them, and all segments are sums of these. -#}
    member_sets as (

        select
            ltv.as_of_date,
            customers.ltv_group,
            rfm.rfm_segment,
            cells.value_cell,
            uncertain.fit_group,
            count(*) as customer_count,
            sum(ltv.ltv_12m_amount) as ltv_12m_amount,
            min(ltv.ltv_12m_amount) as least_amount,
            count(*) filter (where ltv.ltv_method = 'baseline') as baseline_count,
            count(uncertain.own_variance) as variance_count,
            sum(uncertain.own_variance * ltv.margin_rate * ltv.margin_rate) as own_variance
            {%- for parameter in parameters %}
                , sum(uncertain.slope_{{ parameter }} * ltv.margin_rate) as slope_{{ parameter }}
            {%- endfor %}
        from ltv
        inner join customers on ltv.customer_id = customers.customer_id
        left join rfm on ltv.customer_id = rfm.customer_id
        left join cells on ltv.customer_id = cells.customer_id
        left join uncertain on ltv.customer_id = uncertain.customer_id
        group by
            ltv.as_of_date,
            customers.ltv_group,
            rfm.rfm_segment,
            cells.value_cell,
            uncertain.fit_group

    ),

    {#- Rows to take apart by: one plan reads the sets, however many segments and parameters there are. -#}
    segment_types as (

        {%- for segment_type in segment_types %}
            select
                cast('{{ segment_type }}' as {{ dbt.type_string() }}) as segment_type
                {{ "union all" if not loop.last }}
        {%- endfor %}

    ),

    parameters as (

        {%- for parameter in parameters %}
            select
                cast('{{ parameter }}' as {{ dbt.type_string() }}) as parameter
                {{ "union all" if not loop.last }}
        {%- endfor %}

    ),

    members as (

        select
            segment_types.segment_type,
            cast(
                case
                    segment_types.segment_type
                    {%- for segment_type, segment in segment_types.items() %}
                        when '{{ segment_type }}' then {{ segment }}
                    {%- endfor %}
                end as {{ dbt.type_string() }}
            ) as segment,
            member_sets.*
        from member_sets
        cross join segment_types

    ),

    totals as (

        select
            as_of_date,
            segment_type,
            segment,
            sum(customer_count) as customer_count,
            sum(ltv_12m_amount) as ltv_12m_amount,
            min(least_amount) as least_amount,
            sum(baseline_count) as baseline_count,
            sum(variance_count) as variance_count,
            sum(own_variance) as own_variance
        from members
        where segment is not null
        group by as_of_date, segment_type, segment

    ),

    slopes_of_sets as (

        select
            members.segment_type,
            members.segment,
            members.fit_group,
            parameters.parameter,
            case
                parameters.parameter
                {%- for parameter in parameters %}
                    when '{{ parameter }}' then members.slope_{{ parameter }}
                {%- endfor %}
            end as slope
        from members
        cross join parameters
        where members.segment is not null

    ),

    slopes as (

        select segment_type, segment, fit_group, parameter, sum(slope) as slope
        from slopes_of_sets
        where slope is not null
        group by segment_type, segment, fit_group, parameter

    ),

    {#- The delta method; groups that are not fitted together have no covariance with each other. -#}
    parameter_variances as (

        select
            slopes.segment_type,
            slopes.segment,
            sum(slopes.slope * covariances.covariance * others.slope) as parameter_variance
        from slopes
        inner join
            covariances
            on slopes.fit_group = covariances.ltv_group
            and slopes.parameter = covariances.parameter
        inner join
            slopes as others
            on slopes.segment_type = others.segment_type
            and slopes.segment = others.segment
            and covariances.other_group = others.fit_group
            and covariances.other_parameter = others.parameter
        group by slopes.segment_type, slopes.segment

    ),

    unknown_slopes as (

        select slopes.segment_type, slopes.segment, count(*) as slope_count
        from slopes
        left join
            covariances
            on slopes.fit_group = covariances.ltv_group
            and slopes.fit_group = covariances.other_group
            and slopes.parameter = covariances.parameter
            and slopes.parameter = covariances.other_parameter
        where covariances.covariance is null
        group by slopes.segment_type, slopes.segment

    ),

    explained as (

        select
            totals.*,
            parameter_variances.parameter_variance,
            case
                when totals.baseline_count > 0
                then 'baseline'
                when unknown_slopes.slope_count > 0
                then 'no_covariances'
                when totals.variance_count < totals.customer_count
                then 'no_spend_variance'
            end as interval_reason
        from totals
        left join
            parameter_variances
            on totals.segment_type = parameter_variances.segment_type
            and totals.segment = parameter_variances.segment
        left join
            unknown_slopes
            on totals.segment_type = unknown_slopes.segment_type
            and totals.segment = unknown_slopes.segment

    ),

    {#- What there is of it is told where there is no interval, too. Rounding can leave a variance of nothing below 0. -#}
    errors as (

        select
            *,
            case
                when variance_count = customer_count then sqrt(greatest(own_variance, 0))
            end as own_standard_error,
            case
                when coalesce(interval_reason, '') not in ('baseline', 'no_covariances')
                then sqrt(greatest(parameter_variance, 0))
            end as parameter_standard_error,
            case
                when interval_reason is null
                then {{ reach }} * sqrt(greatest(own_variance + parameter_variance, 0))
            end as distance,
            cast(ltv_12m_amount as {{ type_double() }}) as total
        from explained

    )

select
    as_of_date,
    segment_type,
    segment,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(ltv_12m_amount as {{ type_money() }}) as ltv_12m_amount,
    {{ double_to_money("own_standard_error") }} as own_standard_error,
    {{ double_to_money("parameter_standard_error") }} as parameter_standard_error,
    {#- Where nobody is expected to cost money, all together do not. -#}
    {{
        double_to_money(
            "case when least_amount >= 0 and distance > total then 0 else total - distance end"
        )
    }} as lower_amount,
    {{ double_to_money("total + distance") }} as upper_amount,
    cast(interval_reason as {{ dbt.type_string() }}) as interval_reason
from errors
