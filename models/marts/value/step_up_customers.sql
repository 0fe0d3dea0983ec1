{#- docs/profit.md has the formulas. -#}
{%- set double = type_double() -%}
{%- set shares = var("rfm_step_up_offer_shares") -%}
{%- for lever in shares if lever not in ["frequency", "order_value", "discount"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_step_up_offer_shares names '"
            ~ lever
            ~ "': use frequency, order_value and discount"
        )
    }}
{%- endfor -%}
{%- set most_orders = 1000 -%}

with

    customer_values as (select * from {{ ref("customer_value") }}),

    customers as (select customer_id, order_count from {{ ref("customers") }}),

    ltv as (
        select customer_id, alive_probability, expected_orders_365d from {{ ref("customer_ltv") }}
    ),

    customer_periods as (
        select customer_id, discount_amount from {{ ref("int_value__customer_periods") }}
    ),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    scores as (

        select
            past_score,
            min(past_value_amount) as starts_at_amount,
            sum(future_value_amount) as future_value_amount,
            count(*) as customer_count
        from customer_values
        group by past_score

    ),

    {#- A score that nobody has is stepped over. -#}
    next_scores as (

        select scores.past_score, min(higher.past_score) as next_past_score
        from scores
        inner join scores as higher on scores.past_score < higher.past_score
        group by scores.past_score

    ),

    middle as (

        select
            customer_values.as_of_date,
            customer_values.customer_id,
            customer_values.value_cell,
            scores.starts_at_amount,
            customer_values.future_value_amount,
            scores.starts_at_amount - customer_values.past_value_amount as money_gap_amount,
            cast(scores.future_value_amount as {{ double }})
            / scores.customer_count as next_future_value,
            cast(customer_values.past_value_amount as {{ double }})
            / nullif(customers.order_count, 0) as order_value,
            ltv.expected_orders_365d,
            customer_periods.discount_amount
        from customer_values
        inner join next_scores on customer_values.past_score = next_scores.past_score
        inner join scores on next_scores.next_past_score = scores.past_score
        inner join customers on customer_values.customer_id = customers.customer_id
        inner join ltv on customer_values.customer_id = ltv.customer_id
        left join customer_periods on customer_values.customer_id = customer_periods.customer_id
        left join excluded on customer_values.customer_id = excluded.customer_id
        where
            customer_values.past_score between 2 and 4
            and ltv.alive_probability >= {{ share_setting("rfm_spend_alive_probability") }}
            and excluded.customer_id is null

    ),

    {#- Who loses money with each order never gets there by ordering more. -#}
    counted as (

        select
            *,
            case
                when
                    order_value > 0
                    and cast(money_gap_amount as {{ double }}) <= {{ most_orders }} * order_value
                then
                    cast(
                        ceil(
                            cast(money_gap_amount as {{ double }}) / order_value - 1e-9
                        ) as {{ dbt.type_int() }}
                    )
            end as orders_gap
        from middle

    ),

    {#- What each lever costs, null where it does not reach that far. -#}
    costed as (

        select
            *,
            {% if "frequency" in shares -%}
                {{
                    double_to_money(
                        double_literal(shares.frequency) ~ " * orders_gap * order_value"
                    )
                }}
            {%- else -%} cast(null as {{ type_money() }})
            {%- endif %} as frequency_cost,
            {% if "order_value" in shares -%}
                case
                    when
                        cast(money_gap_amount as {{ double }})
                        <= {{ share_setting("rfm_step_up_order_growth") }}
                        * order_value
                        * expected_orders_365d
                    then
                        {{
                            double_to_money(
                                double_literal(shares.order_value)
                                ~ " * cast(money_gap_amount as "
                                ~ double
                                ~ ")"
                            )
                        }}
                end
            {%- else -%} cast(null as {{ type_money() }})
            {%- endif %} as order_value_cost,
            {% if "discount" in shares -%}
                case
                    when money_gap_amount <= discount_amount
                    then
                        {{
                            double_to_money(
                                double_literal(shares.discount)
                                ~ " * cast(money_gap_amount as "
                                ~ double
                                ~ ")"
                            )
                        }}
                end
            {%- else -%} cast(null as {{ type_money() }})
            {%- endif %} as discount_cost
        from counted

    ),

    {%- set levers = ["frequency", "order_value", "discount"] %}

    {#- The first of those that cost least. -#}
    chosen as (

        select
            *,
            case
                {%- for lever in levers %}
                    when
                        {{ lever }}_cost is not null
                        {%- for other in levers if other != lever %}
                            and {{ lever }}_cost <= coalesce({{ other }}_cost, {{ lever }}_cost)
                        {%- endfor %}
                    then '{{ lever }}'
                {%- endfor %}
            end as lever,
            {{
                double_to_money(
                    share_setting("rfm_step_up_probability")
                    ~ " * (cast(money_gap_amount as "
                    ~ double
                    ~ ") + greatest(0, next_future_value - cast(future_value_amount as "
                    ~ double
                    ~ ")))"
                )
            }} as ceiling_amount
        from costed

    ),

    priced as (

        select
            *,
            case
                lever
                {%- for lever in levers %} when '{{ lever }}' then {{ lever }}_cost {%- endfor %}
            end as lever_cost_amount
        from chosen

    )

select
    as_of_date,
    customer_id,
    value_cell,
    cast(starts_at_amount as {{ type_money() }}) as target,
    cast(money_gap_amount as {{ type_money() }}) as money_gap_amount,
    orders_gap,
    cast(lever as {{ dbt.type_string() }}) as lever,
    cast(lever_cost_amount as {{ type_money() }}) as lever_cost_amount,
    ceiling_amount
from priced
{# Who costs more to move than it brings is left where they are. #}
where lever_cost_amount <= ceiling_amount
