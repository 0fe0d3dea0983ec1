{#- The segments that leave most, by every definition that adds up; days of tenure do not. -#}
{%- set definitions = best_definitions().keys() | reject("equalto", "longest_tenure") | list -%}

with

    measures as (select * from {{ ref("int_value__best_measures") }}),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    rfm as (select customer_id, rfm_segment from {{ ref("customer_rfm") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    segments as (

        select
            rfm.rfm_segment,
            count(*) as customer_count
            {%- for definition in definitions %}
                , sum(measures.{{ definition }}) as {{ definition }}
            {%- endfor %}
        from measures
        inner join rfm on measures.customer_id = rfm.customer_id
        left join excluded on measures.customer_id = excluded.customer_id
        where excluded.customer_id is null
        group by rfm.rfm_segment

    ),

    ranked as (

        {% for definition in definitions -%}
            select
                rfm_segment,
                customer_count,
                '{{ definition }}' as definition,
                {{ definition }} as measure_value,
                sum({{ definition }}) over () as total_value,
                rank() over (order by {{ definition }} desc) as rank,
                count(*) over () as segment_count
            from segments
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    )

select
    as_of_dates.as_of_date,
    cast(ranked.definition as {{ dbt.type_string() }}) as definition,
    cast(ranked.rank as {{ dbt.type_bigint() }}) as rank,
    ranked.rfm_segment,
    cast(ranked.customer_count as {{ dbt.type_bigint() }}) as customer_count,
    cast(ranked.measure_value as {{ type_money() }}) as measure_value,
    cast(
        cast(ranked.measure_value as {{ type_double() }})
        / nullif(cast(ranked.total_value as {{ type_double() }}), 0) as {{ type_double() }}
    ) as measure_share
from ranked
cross join as_of_dates
where
    ranked.measure_value > 0
    and ranked.rank
    <= ceil(ranked.segment_count * {{ double_literal(var("rfm_best_share")) }} - 1e-9)
