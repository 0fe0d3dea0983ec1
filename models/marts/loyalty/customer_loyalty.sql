{{- check_loyalty_settings() -}}

{%- set text = dbt.type_string() -%}
{%- set whole = dbt.type_int() -%}
{%- set double = type_double() -%}
{%- set weights = var("rfm_loyalty_advocacy_weights") -%}
{%- set bands = var("rfm_loyalty_advocacy_bands") -%}
{%- set price_bands = var("rfm_loyalty_price_bands") -%}
{%- set review_days = var("rfm_loyalty_review_days") -%}
{#- Half a day is a day. -#}
{%- set whole_gap_days = "cast(floor(usual_gap_days + 0.5) as " ~ whole ~ ")" -%}
{#- Each signal of advocacy, from 0 to 1, null where nothing was observed: a promoter speaks for us (1), a detractor
    against (0), who gives 7 or 8 does neither. Whoever was named and has not bought yet says nothing. -#}
{%- set signals = {
    "promoter": "case when promoter_score >= 9 - 1e-9 then 1 when promoter_score > 6 + 1e-9 then 0.5"
    ~ " when promoter_score is not null then 0 end",
    "review": "positive_review_count / cast(nullif(review_count, 0) as "
    ~ double
    ~ ")",
    "referral": "case when successful_referral_count > 0 then 1 end",
} -%}

with

    observed as (select * from {{ ref("int_loyalty__observed") }}),

    signalled as (

        select
            *,
            {%- for signal, value in signals.items() %}
                cast({{ value }} as {{ double }}) as {{ signal }}_signal,
            {%- endfor %}
            case
                when open_complaint_count > 0
                then 'unhappy'
                when
                    is_answer_recent
                    and satisfaction_share
                    <= {{ double_literal(var("rfm_loyalty_unhappy_score")) }} + 1e-9
                then 'unhappy'
                when
                    is_answer_recent
                    and satisfaction_share
                    >= {{ double_literal(var("rfm_loyalty_happy_score")) }} - 1e-9
                then 'happy'
                when
                    return_share
                    >= {{ double_literal(var("rfm_loyalty_unhappy_return_share")) }} - 1e-9
                then 'unhappy'
                else 'unknown'
            end as happiness,
            case
                when rhythm_ratio > {{ double_literal(var("rfm_loyalty_gone_gaps")) }}
                then 'gone'
                when rhythm_ratio > {{ double_literal(var("rfm_loyalty_late_gaps")) }}
                then 'late'
                when rhythm_ratio is not null
                then 'continuing'
            end as continuing,
            coalesce(
                is_answer_recent
                and previous_satisfaction_share - satisfaction_share
                >= {{ double_literal(var("rfm_loyalty_satisfaction_fall")) }} - 1e-9,
                false
            ) as is_less_satisfied
        from observed

    ),

    weighed as (

        select
            *,
            (
                {%- for signal in signals %}
                    {{ double_literal(weights[signal]) }} * coalesce({{ signal }}_signal, 0)
                    {{- " + " if not loop.last }}
                {%- endfor %}
            ) as reached,
            (
                {%- for signal in signals %}
                    case
                        when {{ signal }}_signal is not null
                        then {{ double_literal(weights[signal]) }}
                        else 0
                    end
                    {{- " + " if not loop.last }}
                {%- endfor %}
            ) as reachable,
            {# What is over is no relationship to look after, unless somebody still complains. #}
            case
                when open_complaint_count > 0 or (happiness = 'unhappy' and continuing = 'late')
                then 'act'
                when continuing = 'gone'
                then null
                when
                    happiness = 'unhappy'
                    or continuing = 'late'
                    or failed_payment_count > 0
                    or is_less_satisfied
                then 'watch'
                when continuing is not null
                then 'good'
            end as health
        from signalled

    ),

    judged as (

        select
            *,
            case when reachable > 0 then 100 * reached / reachable end as advocacy_index,
            case
                when continuing is null
                then 'no_rhythm'
                when continuing = 'continuing'
                then 'continuing_' || happiness
                else 'leaving_' || happiness
            end as loyalty_cell
        from weighed

    ),

    worded as (

        select
            *,
            case
                when days_since_last_order is null
                then 'no order yet'
                else
                    case when continuing in ('late', 'gone') then continuing || ': ' else '' end
                    || 'the last order was '
                    || {{ count_words("days_since_last_order", "day") }}
                    || ' ago, '
                    || case
                        when usual_gap_days is null
                        then 'and nobody has come back yet'
                        when has_own_rhythm
                        then 'usually one comes every ' || {{ count_words(whole_gap_days, "day") }}
                        else
                            'and customers usually wait '
                            || {{ count_words(whole_gap_days, "day") }}
                    end
            end as rhythm_words,
            case
                when open_complaint_count > 0
                then '; ' || {{ count_words("open_complaint_count", "open complaint") }}
                else ''
            end as complaint_words,
            case
                when is_answer_recent
                then
                    '; the latest answer was '
                    || cast(last_score as {{ text }})
                    || ' of '
                    || cast(last_score_max as {{ text }})
                    || ' on '
                    || cast(last_answer_date as {{ text }})
                    || case when is_less_satisfied then ', less than before' else '' end
                else ''
            end as answer_words,
            case
                when
                    return_share
                    >= {{ double_literal(var("rfm_loyalty_unhappy_return_share")) }} - 1e-9
                then
                    '; '
                    || cast(cast(floor(100 * return_share + 0.5) as {{ whole }}) as {{ text }})
                    || ' % of what was bought came back'
                else ''
            end as return_words,
            case
                when failed_payment_count > 0
                then '; ' || {{ count_words("failed_payment_count", "failed payment") }}
                else ''
            end as payment_words
        from judged

    )

select
    as_of_date,
    customer_id,
    cast(main_product_line as {{ text }}) as main_product_line,
    full_price_share,
    full_price_unit_share,
    discount_depth,
    cast(
        case
            when full_price_share is null
            then 'unknown'
            when full_price_share >= {{ double_literal(price_bands[1]) }} - 1e-9
            then 'full_price'
            when full_price_share < {{ double_literal(price_bands[0]) }} - 1e-9
            then 'bargain'
            else 'mixed'
        end as {{ text }}
    ) as price_habit,
    cast(priced_amount as {{ type_money() }}) as priced_amount,
    cast(full_price_amount as {{ type_money() }}) as full_price_amount,
    cast(list_amount as {{ type_money() }}) as list_amount,
    cast(discount_amount as {{ type_money() }}) as discount_amount,
    cast(product_line_count as {{ whole }}) as product_line_count,
    product_concentration,
    cast(advocacy_index as {{ double }}) as advocacy_index,
    cast(
        case
            when advocacy_index is null
            then 'unknown'
            when advocacy_index >= {{ double_literal(bands[1]) }} - 1e-9
            then 'advocate'
            when advocacy_index < {{ double_literal(bands[0]) }} - 1e-9
            then 'critic'
            else 'neutral'
        end as {{ text }}
    ) as advocacy_band,
    cast(promoter_score as {{ double }}) as promoter_score,
    cast(review_count as {{ whole }}) as review_count,
    cast(referral_count as {{ whole }}) as referral_count,
    cast(successful_referral_count as {{ whole }}) as successful_referral_count,
    cast(satisfaction_share as {{ double }}) as satisfaction_share,
    cast(return_share as {{ double }}) as return_share,
    cast(happiness as {{ text }}) as happiness,
    cast(continuing as {{ text }}) as continuing,
    cast(loyalty_cell as {{ text }}) as loyalty_cell,
    cast(order_day_count as {{ whole }}) as order_day_count,
    cast(tenure_days as {{ whole }}) as tenure_days,
    cast(active_month_share as {{ double }}) as active_month_share,
    has_own_rhythm,
    cast(usual_gap_days as {{ double }}) as usual_gap_days,
    cast(days_since_last_order as {{ whole }}) as days_since_last_order,
    cast(rhythm_ratio as {{ double }}) as rhythm_ratio,
    cast(open_complaint_count as {{ whole }}) as open_complaint_count,
    cast(failed_payment_count as {{ whole }}) as failed_payment_count,
    cast(health as {{ text }}) as health,
    cast(
        case
            {%- for name, days in review_days.items() %}
                when health = '{{ name }}' then {{ dbt.dateadd("day", days | int, "as_of_date") }}
            {%- endfor %}
        end as date
    ) as review_due_date,
    cast(
        rhythm_words
        || complaint_words
        || answer_words
        || return_words
        || payment_words as {{ text }}
    ) as reasons
from worded
