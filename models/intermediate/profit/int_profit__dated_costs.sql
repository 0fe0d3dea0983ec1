{{ config(enabled=offers_entity("product_costs") or offers_entity("marketing_costs")) }}

{#- What has a key, a day and an amount: product_costs by product, marketing_costs by campaign. -#}
{%- set selections = [
    {
        "entity": "product_costs",
        "key": "product_id",
        "date": "valid_from_date",
        "amount": "unit_cost_amount",
    },
    {
        "entity": "marketing_costs",
        "key": "campaign_id",
        "date": "cost_date",
        "amount": "amount",
    },
] -%}
{%- set has_rates = var("rfm_currency") and is_consolidating() -%}

with

    costs as (

        {% for selection in selections if offers_entity(selection.entity) %}
            {% if not loop.first %}
                union all
            {% endif %}
            {{
                union_sources(
                    selection.entity,
                    [
                        "cast('" ~ selection.entity ~ "' as " ~ dbt.type_string() ~ ") as entity",
                        selection.key ~ " as cost_key",
                        selection.date ~ " as cost_date",
                        "cast(" ~ selection.amount ~ " as " ~ type_rate() ~ ") as amount",
                        "currency",
                        "quarantine_reason",
                    ],
                )
            }}
        {% endfor %}

    )
    {%- if has_rates -%}, rates as (select * from {{ ref("int_money__rates") }}) {%- endif %}

select
    costs.source_name,
    costs.entity,
    costs.cost_key,
    costs.cost_date,
    {# DuckDB multiplies decimals of up to 18 digits in 18 digits. #}
    cast(
        cast(costs.amount as decimal(19, 8))
        * {{ reporting_rate("costs.currency") }} as {{ type_rate() }}
    ) as amount,
    case
        when costs.quarantine_reason is not null
        then costs.quarantine_reason
        {# A bill may be a credit note; goods do not cost less than nothing. #}
        when costs.entity = 'product_costs' and costs.amount < 0
        then 'amount_negative'
        {% if has_rates %}
            when
                {{ reporting_rate("costs.currency") }} is null
                and not coalesce(rates.is_known_currency, false)
            then 'currency_unknown'
            when {{ reporting_rate("costs.currency") }} is null
            then 'rate_missing'
        {% endif %}
    end as quarantine_reason
from costs
{% if has_rates %}
    left join rates on costs.currency = rates.currency and costs.cost_date = rates.rate_date
{% endif %}
