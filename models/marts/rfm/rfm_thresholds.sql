{#- The nest a measure is scored within: nested scoring cuts frequency within recency, money within both. -#}
{%- set measures = [
    {"name": "recency", "column": "recency_days", "nest": ""},
    {"name": "frequency", "column": "frequency", "nest": ", recency_score"},
    {
        "name": "monetary",
        "column": "monetary_amount",
        "nest": ", recency_score, frequency_score",
    },
] -%}

with

    history as (select * from {{ ref("customer_rfm_history") }}),

    {# Of dates scored with other settings the method is not known any more. #}
    as_of_dates as (

        select as_of_date, max(settings_hash) = '{{ settings_hash() }}' as has_current_settings
        from history
        group by as_of_date

    ),

    scored as (

        {% for measure in measures -%}
            select
                as_of_date,
                '{{ measure.name }}' as measure,
                {{ measure.name }}_score as score,
                count(*) as customer_count,
                cast(min({{ measure.column }}) as {{ type_money() }}) as lowest_value,
                cast(max({{ measure.column }}) as {{ type_money() }}) as highest_value
            from history
            group by as_of_date, {{ measure.name }}_score
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    {#- A value with more than one score was split by the tie-break: only equal-sized groups do that. -#}
    tie_dependence as (

        {% for measure in measures -%}
            {%- set method = var("rfm_" ~ measure.name ~ "_method") %}
            {% if method in ["ntile_independent", "ntile_hughes"] -%}
                select
                    as_of_date,
                    '{{ measure.name }}' as measure,
                    sum(case when lowest_score < highest_score then customer_count else 0 end)
                    / cast(sum(customer_count) as {{ type_double() }}) as tie_dependence_share
                from
                    (
                        select
                            as_of_date,
                            count(*) as customer_count,
                            min({{ measure.name }}_score) as lowest_score,
                            max({{ measure.name }}_score) as highest_score
                        from history
                        group by
                            as_of_date,
                            {{ measure.column }} {{ measure.nest if method == "ntile_hughes" }}
                    ) as {{ measure.name }}_values
                group by as_of_date
            {%- else -%}
                select distinct
                    as_of_date,
                    '{{ measure.name }}' as measure,
                    cast(0 as {{ type_double() }}) as tie_dependence_share
                from history
            {%- endif %}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    scores as (

        {% for score in range(1, 6) -%}
            select {{ score }} as score
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    )

select
    tie_dependence.as_of_date,
    cast(tie_dependence.measure as {{ dbt.type_string() }}) as measure,
    cast(scores.score as {{ dbt.type_int() }}) as score,
    cast(
        case
            when not as_of_dates.has_current_settings
            then null
            {%- for measure in measures %}
                when tie_dependence.measure = '{{ measure.name }}'
                then '{{ var("rfm_" ~ measure.name ~ "_method") }}'
            {%- endfor %}
        end as {{ dbt.type_string() }}
    ) as score_method,
    cast(coalesce(scored.customer_count, 0) as {{ dbt.type_bigint() }}) as customer_count,
    cast(
        case
            {%- for measure in measures if var("rfm_" ~ measure.name ~ "_method") == "thresholds" %}
                {%- for start in var("rfm_" ~ measure.name ~ "_thresholds") %}
                    when
                        as_of_dates.has_current_settings
                        and tie_dependence.measure = '{{ measure.name }}'
                        and scores.score = {{ loop.index + 1 }}
                    then {{ start }}
                {%- endfor %}
            {%- endfor %}
            when tie_dependence.measure = 'recency'
            then scored.highest_value
            else scored.lowest_value
        end as {{ type_money() }}
    ) as starts_at_value,
    scored.lowest_value,
    scored.highest_value,
    cast(
        case
            when as_of_dates.has_current_settings then tie_dependence.tie_dependence_share
        end as {{ type_double() }}
    ) as tie_dependence_share
from tie_dependence
inner join as_of_dates on tie_dependence.as_of_date = as_of_dates.as_of_date
cross join scores
left join
    scored
    on tie_dependence.as_of_date = scored.as_of_date
    and tie_dependence.measure = scored.measure
    and scores.score = scored.score
