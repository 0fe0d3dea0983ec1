{{ config(enabled=has_costs()) }}

{%- set wanted = wanted_measure() -%}
{%- set text = dbt.type_string() -%}
{%- set least = var("rfm_profit_min_coverage") -%}
{%- set per_cent = (
    "cast(cast(floor(100 * goods_cost_coverage) as "
    ~ dbt.type_int()
    ~ ") as "
    ~ text
    ~ ")"
) -%}
{%- set coverage_words = "'goods cost of ' || " ~ per_cent ~ " || ' % of net sales is known'" -%}

with

    customers as (select * from {{ ref("int_profit__customers") }}),

    orders as (select * from {{ ref("int_profit__orders") }}),

    {#- A line of which there is not one amount is one the company knows nothing of. -#}
    lines as (

        select
            {%- for line in cost_lines() %}
                {% for part in line.parts -%}
                    count({{ part }}_amount) {{ "+ " if not loop.last -}}
                {%- endfor %}
                > 0 as has_{{ line.name }} {{ "," if not loop.last }}
            {%- endfor %}
        from customers

    ),

    {#- What the settings say is known: the company said it. -#}
    covered as (

        select
            coalesce(
                {{
                    money_share(
                        "sum(case when goods_cost_basis= 'known' or is_goods_share_told then revenue_amount else 0 end)",
                        "sum(revenue_amount)",
                    )
                }},
                0
            ) as goods_cost_coverage
        from orders

    ),

    depths as (

        select
            lines.*,
            covered.goods_cost_coverage,
            case
                when not lines.has_goods_cost
                then 0
                when
                    {% for line in cost_lines() if line.margin == 3 -%}
                        lines.has_{{ line.name }} {{ "or " if not loop.last -}}
                    {%- endfor %}
                then 3
                when
                    {% for line in cost_lines() if line.margin == 2 -%}
                        lines.has_{{ line.name }} {{ "or " if not loop.last -}}
                    {%- endfor %}
                then 2
                else 1
            end as deepest_margin
        from lines
        cross join covered

    ),

    chosen as (

        select
            *,
            {% if wanted == "net_revenue" -%} 0
            {%- elif wanted == "auto" -%}
                case
                    when goods_cost_coverage >= {{ double_literal(least) }}
                    then deepest_margin
                    else 0
                end
            {%- else -%}
                case
                    when deepest_margin < {{ wanted[2:] }} then deepest_margin else {{ wanted[2:] }}
                end
            {%- endif %} as chosen_margin
        from depths

    )

select
    cast(
        case
            when chosen_margin = 0 then 'net_revenue' else 'cm' || cast(chosen_margin as {{ text }})
        end as {{ text }}
    ) as profit_measure,
    cast(goods_cost_coverage as {{ type_double() }}) as goods_cost_coverage,
    deepest_margin,
    {%- for line in cost_lines() %} has_{{ line.name }}, {%- endfor %}
    cast(
        {% for line in cost_lines() -%}
            case
                when has_{{ line.name }}
                then
                    {# The first line there is starts the list. #}
                    {%- if loop.first %} '{{ line.name }}'
                    {%- else %}
                        case
                            when
                                {% for before in cost_lines()[: loop.index0] -%}
                                    has_{{ before.name }} {{ "or " if not loop.last -}}
                                {%- endfor %}
                            then ', '
                            else ''
                        end
                        || '{{ line.name }}'
                    {%- endif %}
                else ''
            end
            {{ "|| " if not loop.last -}}
        {%- endfor %} as {{ text }}
    ) as cost_lines,
    cast(
        {% if wanted == "net_revenue" -%}'rfm_monetary_measure asks for net_revenue'
        {%- else -%}
            case
                when deepest_margin = 0
                then 'no goods cost is known'
                {% if wanted == "auto" %}
                    when chosen_margin = 0
                    then
                        {{ coverage_words }}
                        || ', less than the {{ (least * 100) | round | int }} % of rfm_profit_min_coverage'
                    else
                        {{ coverage_words }}
                        || ', and costs down to cm'
                        || cast(deepest_margin as {{ text }})
                {% else %}
                    when deepest_margin < {{ wanted[2:] }}
                    then
                        'rfm_monetary_measure asks for {{ wanted }}, but costs are known down to cm'
                        || cast(deepest_margin as {{ text }})
                        || ' only; '
                        || {{ coverage_words }}
                    else 'rfm_monetary_measure asks for {{ wanted }}; ' || {{ coverage_words }}
                {% endif %}
            end
        {%- endif %} as {{ text }}
    ) as reason
from chosen
