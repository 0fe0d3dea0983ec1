{#- docs/profit.md has the formulas. -#}
{%- set double = type_double() -%}
{%- set offer_cost = money_setting("rfm_spend_offer_cost_amount") or "0" -%}
{%- set budgets = {
    "keep": money_setting("rfm_spend_budget_keep_amount"),
    "win_back": money_setting("rfm_spend_budget_win_back_amount"),
} -%}
{%- set limited = [] -%}
{%- for purpose, budget in budgets.items() if budget is not none -%}
    {%- do limited.append(purpose) -%}
{%- endfor -%}

with

    ltv as (select * from {{ ref("customer_ltv") }}),

    stakes as (select * from {{ ref("int_value__stakes") }}),

    rfm as (select customer_id, rfm_segment from {{ ref("customer_rfm") }}),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    {#- What an offer changes: who would leave and stays, or has left and comes back. -#}
    customers as (

        select
            ltv.as_of_date,
            ltv.customer_id,
            coalesce(rfm.rfm_segment, 'No order in the window') as rfm_segment,
            case
                when ltv.alive_probability >= {{ share_setting("rfm_spend_alive_probability") }}
                then 'keep'
                else 'win_back'
            end as spend_purpose,
            case
                when excluded.customer_id is not null
                then 0
                when ltv.alive_probability >= {{ share_setting("rfm_spend_alive_probability") }}
                then {{ share_setting("rfm_spend_keep_probability") }} * (1 - ltv.alive_probability)
                else {{ share_setting("rfm_spend_win_back_probability") }}
            end as changed_probability,
            stakes.lower_amount,
            stakes.value_amount,
            {{
                double_to_money(
                    "greatest(0, cast(ltv.ltv_36m_amount as "
                    ~ double
                    ~ ") * (1 - ltv.alive_probability))"
                )
            }} as value_at_risk_amount
        from ltv
        inner join stakes on ltv.customer_id = stakes.customer_id
        left join rfm on ltv.customer_id = rfm.customer_id
        left join excluded on ltv.customer_id = excluded.customer_id

    ),

    ceilings as (

        select
            *,
            {{
                double_to_money(
                    "greatest(0, (1 - "
                    ~ share_setting("rfm_spend_required_margin_share")
                    ~ ") * changed_probability * cast(lower_amount as "
                    ~ double
                    ~ ") - "
                    ~ offer_cost
                    ~ ")"
                )
            }} as ceiling_amount,
            {{ double_to_money("changed_probability * cast(value_amount as " ~ double ~ ")") }}
            as gain_amount
        from customers

    ),

    {#- Money goes first to whom it is expected to earn most, by unit. -#}
    spent as (

        select
            *
            {%- if limited %}
                ,
                coalesce(
                    sum(ceiling_amount) over (
                        partition by spend_purpose
                        order by
                            case
                                when ceiling_amount > 0
                                then
                                    cast(gain_amount as {{ double }})
                                    / cast(ceiling_amount as {{ double }})
                                else -1
                            end desc,
                            {{ byte_order("customer_id") }}
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as spent_before_amount
            {%- endif %}
        from ceilings

    )

select
    as_of_date,
    customer_id,
    cast(rfm_segment as {{ dbt.type_string() }}) as rfm_segment,
    cast(spend_purpose as {{ dbt.type_string() }}) as spend_purpose,
    lower_amount as value_at_stake_amount,
    ceiling_amount,
    {% if limited -%}
        cast(
            case
                spend_purpose
                {%- for purpose in limited %}
                    when '{{ purpose }}'
                    then
                        greatest(
                            0, least(ceiling_amount, {{ budgets[purpose] }} - spent_before_amount)
                        )
                {%- endfor %}
                else ceiling_amount
            end as {{ type_money() }}
        )
    {%- else -%} ceiling_amount
    {%- endif %} as allowed_amount,
    value_at_risk_amount
from spent
