with

    measures as (select * from {{ ref("int_quality__measures") }}),

    last_row_counts as ({{ last_row_counts() }}),

    thresholds as (select * from {{ ref("quality_thresholds") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    valued as (

        select
            measures.source_name,
            measures.entity,
            measures.check_name,
            measures.column_name,
            as_of_dates.as_of_date,
            measures.row_count,
            case
                measures.check_name
                when 'freshness'
                then
                    cast(
                        {{ dbt.datediff("measures.newest_date", "as_of_dates.as_of_date", "day") }}
                        as {{ type_double() }}
                    )
                {#- A first run has nothing to compare with: nothing is lost. -#}
                when 'row_count'
                then
                    cast(measures.row_count as {{ type_double() }})
                    / nullif(coalesce(last_row_counts.row_count, measures.row_count), 0)
                else
                    cast(measures.part_count as {{ type_double() }})
                    / nullif(measures.whole_count, 0)
            end as value
        from measures
        left join as_of_dates on 1 = 1
        left join
            last_row_counts
            on measures.source_name = last_row_counts.source_name
            and measures.entity = last_row_counts.entity

    ),

    {#- The threshold that names most of it holds; a star stands for any. -#}
    matched as (

        select
            valued.*,
            thresholds.threshold,
            {%- if var("rfm_accept_fewer_rows") %}
                case
                    when valued.check_name = 'row_count' then 'warn' else thresholds.severity
                end as severity,
            {%- else %} thresholds.severity,
            {%- endif %}
            row_number() over (
                partition by
                    valued.source_name, valued.entity, valued.check_name, valued.column_name
                order by
                    case
                        when thresholds.source_name is null
                        then 9
                        when thresholds.source_name = '*'
                        then 1
                        else 0
                    end,
                    case when thresholds.entity = '*' then 1 else 0 end,
                    case when thresholds.column_name = '*' then 1 else 0 end
            ) as match_number
        from valued
        left join
            thresholds
            on valued.check_name = thresholds.check_name
            and thresholds.source_name in ('*', valued.source_name)
            and thresholds.entity in ('*', valued.entity)
            and thresholds.column_name in ('*', coalesce(valued.column_name, '*'))

    )

select
    source_name,
    entity,
    cast(check_name as {{ dbt.type_string() }}) as check_name,
    column_name,
    as_of_date,
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,
    value,
    cast(threshold as {{ type_double() }}) as threshold,
    cast(case when threshold is not null then severity end as {{ dbt.type_string() }}) as severity,
    cast(
        case
            when threshold is null or value is null
            then 'ok'
            when check_name in ('freshness', 'orphan_rate') and value <= threshold
            then 'ok'
            when check_name not in ('freshness', 'orphan_rate') and value >= threshold
            then 'ok'
            when severity = 'error'
            then 'fail'
            else 'warn'
        end as {{ dbt.type_string() }}
    ) as status
from matched
where match_number = 1
