{%- set grid = var("rfm_value_grid") -%}
{%- if grid not in ["independent", "nested"] -%}
    {{
        exceptions.raise_compiler_error(
            "rfm_value_grid is '" ~ grid ~ "': use independent or nested"
        )
    }}
{%- endif -%}

with

    customers as (select * from {{ ref("int_ltv__customer_summary") }}),

    ltv as (select * from {{ ref("customer_ltv") }}),

    value_cells as (select * from {{ ref("value_cells") }}),

    past_scored as (

        select
            ltv.as_of_date,
            ltv.customer_id,
            customers.profit_amount as past_value_amount,
            ltv.ltv_36m_amount as future_value_amount,
            {{ score_midrank("customers.profit_amount", "ltv.as_of_date") }} as past_score
        from ltv
        inner join customers on ltv.customer_id = customers.customer_id

    ),

    scored as (

        select
            *,
            {% if grid == "nested" -%}
                {{ score_midrank("future_value_amount", "as_of_date, past_score") }}
            {%- else -%} {{ score_midrank("future_value_amount", "as_of_date") }}
            {%- endif %} as future_score
        from past_scored

    )

select
    scored.as_of_date,
    scored.customer_id,
    scored.past_value_amount,
    scored.future_value_amount,
    scored.past_score,
    scored.future_score,
    value_cells.value_cell,
    value_cells.value_strategy
from scored
left join
    value_cells
    on scored.past_score = value_cells.past_score
    and scored.future_score = value_cells.future_score
