{{ config(materialized="view") }}

{#- Measures in the order in which nested scoring cuts them; each is scored within the ones before. -#}
{%- set measures = [
    {
        "name": "recency",
        "column": "recency_days",
        "order": "recency_days desc",
        "lower_is_better": true,
    },
    {
        "name": "frequency",
        "column": "frequency",
        "order": "frequency",
        "lower_is_better": false,
    },
    {
        "name": "monetary",
        "column": "monetary_amount",
        "order": "monetary_amount",
        "lower_is_better": false,
    },
] -%}
{%- set methods = ["midrank", "thresholds", "ntile_independent", "ntile_hughes", "quantile_r"] -%}
{%- set by_quantile = [] -%}
{%- for measure in measures -%}
    {%- set method = var("rfm_" ~ measure.name ~ "_method") -%}
    {%- if method not in methods -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_" ~ measure.name ~ "_method is '" ~ method ~ "': use one of " ~ methods
                | join(", ")
            )
        }}
    {%- endif -%}
    {%- if method == "quantile_r" -%} {%- do by_quantile.append(measure) -%} {%- endif -%}
{%- endfor -%}

with

    metrics as (select * from {{ ref("int_rfm__metrics") }}),

    {% if by_quantile %}
        quantiles as (

            select
                as_of_date
                {%- for measure in by_quantile %}
                    {%- for fifth in range(1, 5) %}
                        ,
                        percentile_cont({{ fifth / 5 }}) within group (
                            order by cast({{ measure.column }} as {{ type_double() }})
                        ) as {{ measure.name }}_quantile_{{ fifth }}
                    {%- endfor %}
                {%- endfor %}
            from metrics
            group by as_of_date

        ),
    {% endif %}

    {%- for measure in measures %}
        {%- set method = var("rfm_" ~ measure.name ~ "_method") %}
        {%- set nest = ["as_of_date"] + (
            ["recency_score", "frequency_score"][: loop.index0]
            if method == "ntile_hughes"
            else []
        ) %}

        {{ measure.name }}_scored as (

            select
                {{ "metrics.*" if loop.first else "scored.*" }},
                {% if method == "midrank" -%} {{ score_midrank(measure.order, "as_of_date") }}
                {%- elif method == "thresholds" -%}
                    {{
                        score_thresholds(
                            measure.column,
                            var("rfm_" ~ measure.name ~ "_thresholds"),
                            measure.lower_is_better,
                        )
                    }}
                {%- elif method == "quantile_r" -%}
                    {%- set cuts = [] -%}
                    {%- for fifth in range(1, 5) -%}
                        {%- do cuts.append("quantiles." ~ measure.name ~ "_quantile_" ~ fifth) -%}
                    {%- endfor -%}
                    {{ score_quantile_r(measure.column, cuts, measure.lower_is_better) }}
                {%- else -%} {{ score_ntile(measure.order, nest | join(", ")) }}
                {%- endif %} as {{ measure.name }}_score
            from
                {{
                    (
                        "metrics"
                        if loop.first
                        else measures[loop.index0 - 1].name ~ "_scored as scored"
                    )
                }}
            {%- if method == "quantile_r" %} inner join quantiles using (as_of_date) {%- endif %}

        ){{ "," if not loop.last }}
    {%- endfor %}

select
    as_of_date,
    customer_id,
    first_order_date,
    last_order_date,
    recency_days,
    frequency,
    monetary_amount,
    recency_score,
    frequency_score,
    monetary_score,
    {{
        dbt.concat(
            [
                "cast(recency_score as " ~ dbt.type_string() ~ ")",
                "cast(frequency_score as " ~ dbt.type_string() ~ ")",
                "cast(monetary_score as " ~ dbt.type_string() ~ ")",
            ]
        )
    }} as rfm_code
from monetary_scored
