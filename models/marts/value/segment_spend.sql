{%- set double = type_double() -%}
{%- set budget = money_setting("rfm_spend_budget_acquire_amount") -%}
{%- set kept = "(1 - " ~ share_setting("rfm_spend_baseline_haircut") ~ ")" -%}
{%- do best_definitions() -%}

with

    spend as (select * from {{ ref("allowable_spend") }}),

    ltv as (select * from {{ ref("customer_ltv") }}),

    past_values as (select customer_id, past_value_amount from {{ ref("customer_value") }}),

    best as (

        select customer_id
        from {{ ref("best_customers") }}
        where definition = '{{ var("rfm_best_definition") }}'

    ),

    segments as (

        select
            spend.as_of_date,
            spend.rfm_segment,
            count(*) as customer_count,
            sum(ltv.ltv_36m_amount) as customer_equity_amount,
            sum(spend.value_at_risk_amount) as value_at_risk_amount,
            sum(past_values.past_value_amount) as past_value_amount,
            {# The baseline has no interval. #}
            sum(
                coalesce(
                    ltv.ltv_lower_amount,
                    {{ double_to_money(kept ~ " * cast(ltv.ltv_12m_amount as " ~ double ~ ")") }}
                )
            ) as lower_amount,
            sum(
                case when spend.spend_purpose = 'keep' then spend.allowed_amount else 0 end
            ) as keep_amount,
            sum(
                case when spend.spend_purpose = 'win_back' then spend.allowed_amount else 0 end
            ) as win_back_amount,
            count(best.customer_id) as best_customer_count
        from spend
        inner join ltv on spend.customer_id = ltv.customer_id
        left join past_values on spend.customer_id = past_values.customer_id
        left join best on spend.customer_id = best.customer_id
        group by spend.as_of_date, spend.rfm_segment

    ),

    {#- A new customer who becomes like them is worth what they were so far and at least will be. -#}
    acquired as (

        select
            *,
            {{
                double_to_money(
                    "greatest(0, (1 - "
                    ~ share_setting("rfm_spend_required_margin_share")
                    ~ ") * cast(past_value_amount + lower_amount as "
                    ~ double
                    ~ ") / customer_count)"
                )
            }} as acquire_ceiling_amount
        from segments

    )

select
    as_of_date,
    rfm_segment,
    cast(customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(customer_equity_amount as {{ type_money() }}) as customer_equity_amount,
    cast(value_at_risk_amount as {{ type_money() }}) as value_at_risk_amount,
    {% if budget -%} cast(least(acquire_ceiling_amount, {{ budget }}) as {{ type_money() }})
    {%- else -%} acquire_ceiling_amount
    {%- endif %} as acquire_ceiling_amount,
    cast(keep_amount as {{ type_money() }}) as keep_amount,
    cast(win_back_amount as {{ type_money() }}) as win_back_amount,
    cast(best_customer_count as {{ dbt.type_bigint() }}) as best_customer_count
from acquired
