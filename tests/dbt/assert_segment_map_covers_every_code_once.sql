-- Every map holds each of the 125 codes; the unique test of the seed sees to "once".
with

    scores as (

        {% for score in range(1, 6) -%}
            select {{ score }} as score
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    segments as (select * from {{ ref("rfm_segments") }}),

    codes as (

        select
            cast(
                100 * recency.score
                + 10 * frequency.score
                + monetary.score as {{ dbt.type_string() }}
            ) as rfm_code
        from scores as recency
        cross join scores as frequency
        cross join scores as monetary

    ),

    wanted as (

        select maps.segment_map, codes.rfm_code
        from
            (
                select distinct segment_map
                from segments
                union
                select cast('{{ var("rfm_segment_map") }}' as {{ dbt.type_string() }})
            ) as maps
        cross join codes

    )

select wanted.segment_map, wanted.rfm_code, 'missing' as problem
from wanted
left join
    segments on wanted.segment_map = segments.segment_map and wanted.rfm_code = segments.rfm_code
where segments.rfm_code is null
union all
select segments.segment_map, segments.rfm_code, 'not a code' as problem
from segments
left join codes on segments.rfm_code = codes.rfm_code
where codes.rfm_code is null
