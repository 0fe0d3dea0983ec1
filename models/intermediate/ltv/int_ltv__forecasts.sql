{{ config(materialized="view") }}

with

    modelled as (select * from {{ ref("int_ltv__corrected") }}),

    baseline as (select * from {{ ref("int_ltv__baseline") }}),

    {#- How far orders look back, where a fit scores. -#}
    history as (select max(observed_days) as history_days from {{ ref("int_ltv__lookup") }}),

    forecasts as (

        select *
        from modelled
        union all
        select *
        from baseline

    )

select
    forecasts.*,
    case
        when forecasts.ltv_method = 'baseline'
        then 'baseline'
        when forecasts.ltv_residual_amount is null
        then '{{ "old_fit" if residual_is_known() else "no_discount_rate" }}'
        when
            history.history_days < 1095
            and forecasts.ltv_residual_amount > 0
            and forecasts.ltv_36m_amount < 0.5 * forecasts.ltv_residual_amount
        then 'beyond_history'
    end as ltv_residual_reason
from forecasts
cross join history
