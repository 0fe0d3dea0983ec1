{{ config(enabled=has_interactions()) }}

{#- What customers said: answers, ratings, complaints, whom they brought, and what they left unpaid. -#}
with

    interactions as (

        select *
        from {{ ref("interactions") }}
        where
            interaction_type in ('survey', 'brand_perception', 'complaint', 'referral')
            or (interaction_type = 'payment' and topic in ('failed', 'charged_back'))

    ),

    rhythm as (select * from {{ ref("int_loyalty__rhythm") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    recent as (

        select
            cast(
                {{ dbt.dateadd("day", -(var("rfm_loyalty_answer_days") | int), "as_of_date") }}
                as date
            ) as start_date
        from as_of_dates

    ),

    {#- Several answers of a day are one: points reached of points possible, whatever their scales. -#}
    answer_days as (

        select
            customer_id,
            interaction_date,
            sum(score) as score,
            sum(score_max) as score_max,
            sum(case when is_promoter_question then score end) as promoter_score,
            sum(case when is_promoter_question then score_max end) as promoter_score_max
        from
            (
                select
                    customer_id,
                    interaction_date,
                    score,
                    score_max,
                    coalesce(
                        interaction_type = 'survey' and upper(topic) = 'NPS', false
                    ) as is_promoter_question
                from interactions
                where
                    interaction_type in ('survey', 'brand_perception')
                    and score is not null
                    and score_max > 0
            ) as answers
        group by customer_id, interaction_date

    ),

    ranked_days as (

        select
            *,
            row_number() over (
                partition by customer_id order by interaction_date desc
            ) as answer_rank,
            row_number() over (
                partition by customer_id, promoter_score_max is not null
                order by interaction_date desc
            ) as promoter_rank
        from answer_days

    ),

    answers as (

        select
            customer_id,
            max(interaction_date) as last_answer_date,
            max(score) filter (where answer_rank = 1) as last_score,
            max(score_max) filter (where answer_rank = 1) as last_score_max,
            max(score / cast(score_max as {{ type_double() }})) filter (
                where answer_rank = 1
            ) as satisfaction_share,
            max(score / cast(score_max as {{ type_double() }})) filter (
                where answer_rank = 2
            ) as previous_satisfaction_share,
            max(10 * promoter_score / cast(promoter_score_max as {{ type_double() }})) filter (
                where promoter_rank = 1 and promoter_score_max is not null
            ) as promoter_score
        from ranked_days
        group by customer_id

    ),

    referrals as (

        select customer_id, interaction_date, coalesce(reference_id, interaction_id) as referred
        from interactions
        where interaction_type = 'referral'

    ),

    {% if offers_entity("customers") %}
        records as (select * from {{ ref("int_identity__records") }}),

        customers_of_records as (select * from {{ ref("int_customers__of_records") }}),

        {#- Who was named, and became a customer after. Nobody brings themselves. -#}
        named as (

            select
                referrals.customer_id,
                referrals.referred,
                max(
                    case
                        when customers_of_records.customer_id = referrals.customer_id then 1 else 0
                    end
                ) as is_self,
                max(
                    case
                        when rhythm.first_order_date >= referrals.interaction_date then 1 else 0
                    end
                ) as has_bought
            from referrals
            left join records on referrals.referred = records.email_hash
            left join customers_of_records on records.record_id = customers_of_records.record_id
            left join rhythm on customers_of_records.customer_id = rhythm.customer_id
            group by referrals.customer_id, referrals.referred

        ),
    {% else %}
        {#- Without records of customers nobody knows who has bought: every referral counts. -#}
        named as (

            select distinct customer_id, referred, 0 as is_self, 1 as has_bought from referrals

        ),
    {% endif %}

    referred as (

        select customer_id, count(*) as referral_count, sum(has_bought) as successful_referral_count
        from named
        where is_self = 0
        group by customer_id

    ),

    counted as (

        select
            interactions.customer_id,
            count(*) filter (where interactions.is_open_complaint) as open_complaint_count,
            count(*) filter (
                where
                    interactions.interaction_type = 'payment'
                    and interactions.interaction_date >= recent.start_date
            ) as failed_payment_count,
            {# A rating counts when who gave it had bought. #}
            count(*) filter (
                where
                    interactions.interaction_type = 'brand_perception'
                    and interactions.score is not null
                    and interactions.score_max > 0
                    and rhythm.first_order_date <= interactions.interaction_date
            ) as review_count,
            count(*) filter (
                where
                    interactions.interaction_type = 'brand_perception'
                    and interactions.score_max > 0
                    and interactions.score
                    >= {{ double_literal(var("rfm_loyalty_happy_score")) }} * interactions.score_max
                    - 1e-9
                    and rhythm.first_order_date <= interactions.interaction_date
            ) as positive_review_count
        from interactions
        cross join recent
        left join rhythm on interactions.customer_id = rhythm.customer_id
        group by interactions.customer_id

    )

select
    counted.customer_id,
    answers.last_answer_date,
    cast(answers.last_score as {{ dbt.type_int() }}) as last_score,
    cast(answers.last_score_max as {{ dbt.type_int() }}) as last_score_max,
    answers.satisfaction_share,
    answers.previous_satisfaction_share,
    answers.promoter_score,
    cast(counted.review_count as {{ dbt.type_int() }}) as review_count,
    cast(counted.positive_review_count as {{ dbt.type_int() }}) as positive_review_count,
    cast(coalesce(referred.referral_count, 0) as {{ dbt.type_int() }}) as referral_count,
    cast(
        coalesce(referred.successful_referral_count, 0) as {{ dbt.type_int() }}
    ) as successful_referral_count,
    cast(counted.open_complaint_count as {{ dbt.type_int() }}) as open_complaint_count,
    cast(counted.failed_payment_count as {{ dbt.type_int() }}) as failed_payment_count
from counted
left join answers on counted.customer_id = answers.customer_id
left join referred on counted.customer_id = referred.customer_id
