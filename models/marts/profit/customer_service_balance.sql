{{ config(enabled=has_costs()) }}

{%- set over, under = var("rfm_profit_over_served_index"), var("rfm_profit_under_served_index") -%}
{%- if under >= over -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_profit_under_served_index is "
            ~ under
            ~ " and rfm_profit_over_served_index "
            ~ over
            ~ ": nobody is both, so the first must be the smaller one"
        )
    }}
{%- endif -%}
{%- set string, double = dbt.type_string(), type_double() -%}
{#- What attention is measured by; each kind weighs the same, if there is any of it. -#}
{%- set kinds = ["contact_count", "contact_minutes", "discount_amount", "message_count"] -%}
{%- set driver_count = 3 -%}

with

    buyers as (select * from {{ ref("int_profit__buyers") }}),

    customer_costs as (select * from {{ ref("customer_costs") }}),

    cause_totals as (select * from {{ ref("int_profit__cause_totals") }}),

    totals as (

        select
            {%- for kind in kinds %}
                cast(sum({{ kind }}) as {{ double }}) as {{ kind }},
            {%- endfor %}
            cast(sum(profit_amount) as {{ double }}) as profit_amount,
            cast(count(*) as {{ double }}) as customer_count
        from buyers

    ),

    shares as (

        select
            buyers.as_of_date,
            buyers.customer_id,
            buyers.profit_class,
            totals.customer_count,
            (
                {%- for kind in kinds %}
                    {{ "+" if not loop.first }}
                    case
                        when totals.{{ kind }} > 0
                        then
                            coalesce(cast(buyers.{{ kind }} as {{ double }}), 0) / totals.{{ kind }}
                        else 0
                    end
                {%- endfor %}
            ) / nullif(
                {%- for kind in kinds %}
                    {{ "+" if not loop.first }} case when totals.{{ kind }} > 0 then 1 else 0 end
                {%- endfor %},
                0
            ) as attention_share,
            case
                when totals.profit_amount > 0
                then cast(buyers.profit_amount as {{ double }}) / totals.profit_amount
            end as profit_share,
            buyers.order_count > 0
            and {{
                score_midrank(
                    "buyers.net_sales_amount",
                    "buyers.as_of_date, buyers.order_count > 0",
                )
            }} = 5 as is_big_spender
        from buyers
        cross join totals

    ),

    {#- One customer of the average is added to both sides: so little says little, and a loss is no profit. -#}
    indexed as (

        select
            *,
            100
            * (1 + customer_count * attention_share)
            / (
                1
                + customer_count
                * case when profit_share > 0 then profit_share else 0 * profit_share end
            ) as attention_index,
            is_big_spender and profit_class in ('loss', 'break_even') as is_big_spender_low_profit
        from shares

    ),

    balanced as (

        select
            *,
            case
                when attention_index >= {{ double_literal(over) }}
                then 'over_served'
                when attention_index <= {{ double_literal(under) }}
                then 'under_served'
                when attention_index is not null
                then 'balanced'
            end as service_balance
        from indexed

    ),

    {#- What costs most beyond what the same sales cost elsewhere comes first. -#}
    drivers as (

        select
            customer_costs.customer_id,
            customer_costs.cause,
            customer_costs.amount,
            customer_costs.share_of_sales,
            customer_costs.percentile,
            row_number() over (
                partition by customer_costs.customer_id
                order by customer_costs.excess_amount desc, customer_costs.cause
            ) as position
        from customer_costs
        inner join balanced on customer_costs.customer_id = balanced.customer_id
        where balanced.is_big_spender_low_profit and customer_costs.excess_amount > 0

    ),

    driver_words as (

        select
            customer_id,
            position,
            replace(cause, '_', ' ')
            || ': '
            || {{ whole_percent("share_of_sales") }}
            || case
                cause
                {%- for name, cause in profit_causes().items() %}
                    when '{{ name }}' then ' % {{ cause.said }}'
                {%- endfor %}
            end
            || ', more than '
            || {{ whole_percent("percentile", is_rounded=false) }}
            || ' % of customers, '
            || cast(cast(amount as {{ type_money() }}) as {{ string }})
            || case
                cause
                {%- for name, cause in profit_causes().items() %}
                    when '{{ name }}' then ' ({{ cause.action }})'
                {%- endfor %}
            end as words
        from drivers
        where position <= {{ driver_count }}

    ),

    {#- No row where nothing stands out. -#}
    reasons_of_customers as (

        select
            customer_id,
            max(words) filter (where position = 1)
            {%- for position in range(2, driver_count + 1) %}
                || coalesce('; ' || max(words) filter (where position = {{ position }}), '')
            {%- endfor %} as words
        from driver_words
        group by customer_id

    ),

    {#- What the company has no data of is no reason, and no excuse. -#}
    not_known as (

        select
            {%- for name in profit_causes() %}
                {{ "||" if not loop.first }}
                case
                    when bool_or(cause = '{{ name }}' and not is_known)
                    then '; {{ name | replace("_", " ") }}: not known'
                    else ''
                end
            {%- endfor %} as words
        from cause_totals

    )

select
    balanced.as_of_date,
    balanced.customer_id,
    balanced.attention_share,
    balanced.profit_share,
    balanced.attention_index,
    cast(balanced.service_balance as {{ string }}) as service_balance,
    balanced.is_big_spender,
    balanced.is_big_spender_low_profit,
    nullif(
        concat_ws(
            '; ',
            case
                when balanced.service_balance in ('over_served', 'under_served')
                then
                    {{ whole_percent("balanced.customer_count * balanced.attention_share") }}
                    || ' % of the attention and '
                    || {{ whole_percent("balanced.customer_count * balanced.profit_share") }}
                    || ' % of the profit of the average customer'
            end,
            case
                when balanced.is_big_spender_low_profit
                then coalesce(reasons_of_customers.words, 'no cost stands out') || not_known.words
            end
        ),
        ''
    ) as reasons
from balanced
left join reasons_of_customers on balanced.customer_id = reasons_of_customers.customer_id
cross join not_known
