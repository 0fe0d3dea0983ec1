{{ config(enabled=has_costs()) }}

{%- set int = dbt.type_int() -%}
{%- set text = dbt.type_string() -%}
{#- 0 is today; the others are the as-of dates before that keep a customer in a better tier. -#}
{%- set dates = range(0, tier_dates() + 1) | list -%}
{%- set break_even = double_literal(var("rfm_profit_break_even")) -%}
{%- set counts = [
    "order_count",
    "order_line_count",
    "refund_count",
    "contact_count",
    "contact_minutes",
    "late_payment_count",
    "message_count",
] -%}

with

    customers as (select * from {{ ref("int_profit__customers") }}),

    measure as (select * from {{ ref("int_profit__measure") }}),

    lines as (

        select
            customers.as_of_date,
            customers.customer_id,
            measure.profit_measure,
            measure.cost_lines,
            customers.gross_sales_amount,
            customers.discount_amount,
            customers.refund_amount,
            coalesce(customers.net_sales_amount, 0) as net_sales_amount,
            customers.estimated_goods_cost_amount,
            {%- for line in cost_lines() %}
                {{ cost_line_amount(line, "customers") }} as {{ line.name }}_amount,
            {%- endfor %}
            {%- for count in counts %} customers.{{ count }}, {%- endfor %}
            {% for line in cost_lines() if line.missing -%}
                coalesce(customers.{{ line.missing }}, 0) {{ "+ " if not loop.last -}}
            {%- endfor %} as missing_rate_count
            {%- for back in dates if back > 0 %}
                ,
                customers.movement_count_{{ back }} > 0 as was_known_{{ back }},
                {# By the measure of today. #}
                coalesce(customers.net_sales_amount_{{ back }}, 0) - case
                    measure.profit_measure
                    {%- for margin in [1, 2, 3] %}
                        when 'cm{{ margin }}' then customers.cm{{ margin }}_cost_amount_{{ back }}
                    {%- endfor %}
                    else 0
                end as profit_amount_{{ back }}
            {%- endfor %}
        from customers
        cross join measure

    ),

    margins as (

        select
            lines.*,
            {%- for margin in [1, 2, 3] %}
                {{ contribution_margin(margin) }}
                as cm{{ margin }}_amount {{ "," if not loop.last }}
            {%- endfor %}
        from lines
        cross join measure

    ),

    profits as (

        select
            *,
            true as was_known_0,
            case
                profit_measure
                {%- for margin in [1, 2, 3] %}
                    when 'cm{{ margin }}' then cm{{ margin }}_amount
                {%- endfor %}
                else net_sales_amount
            end as profit_amount_0
        from margins

    ),

    {#- Fifths of the customers of each date, equal profit in one of them: 1 is best. -#}
    ranked as (

        select
            *
            {%- for back in dates %}
                ,
                case
                    when was_known_{{ back }}
                    then
                        6
                        - {{
                            score_midrank(
                                "profit_amount_" ~ back,
                                "as_of_date, was_known_" ~ back,
                            )
                        }}
                end as tier_{{ back }}
            {%- endfor %}
        from profits

    ),

    {#- Up at once; down when every one of the dates says so, to the best of what they say. -#}
    tiered as (

        select
            *,
            {% if dates | length == 1 -%} tier_0
            {%- else -%}
                least(
                    {%- for back in dates %}
                        coalesce(tier_{{ back }}, tier_0) {{ "," if not loop.last }}
                    {%- endfor %}
                )
            {%- endif %} as profit_tier
        from ranked

    )

select
    as_of_date,
    customer_id,
    {%- for line in ["gross_sales", "discount", "refund"] %}
        {%- if line == "discount" %} discount_amount,
        {%- else %} cast(coalesce({{ line }}_amount, 0) as {{ type_money() }}) as {{ line }}_amount,
        {%- endif %}
    {%- endfor %}
    cast(net_sales_amount as {{ type_money() }}) as net_sales_amount,
    {%- for margin in [1, 2, 3] %}
        {%- for line in cost_lines() if line.margin == margin %}
            {{ line.name }}_amount,
        {%- endfor %}
        cm{{ margin }}_amount,
    {%- endfor %}
    profit_measure,
    cast(profit_amount_0 as {{ type_money() }}) as profit_amount,
    {{ money_share("profit_amount_0", "net_sales_amount") }} as margin_rate,
    cost_lines,
    cast(
        coalesce(estimated_goods_cost_amount, 0) as {{ type_money() }}
    ) as estimated_goods_cost_amount,
    {%- for count in counts %}
        cast(coalesce({{ count }}, 0) as {{ int }}) as {{ count }},
    {%- endfor %}
    cast(missing_rate_count as {{ int }}) as missing_rate_count,
    cast(
        case
            when
                abs(cast(profit_amount_0 as {{ type_double() }}))
                <= {{ break_even }} * abs(cast(net_sales_amount as {{ type_double() }}))
            then 'break_even'
            when profit_amount_0 > 0
            then 'profitable'
            else 'loss'
        end as {{ text }}
    ) as profit_class,
    cast(profit_tier as {{ int }}) as profit_tier,
    profit_tier < tier_0 as is_profit_tier_held
from tiered
