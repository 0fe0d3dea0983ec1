{{
    config(
        materialized="incremental",
        incremental_strategy="insert_overwrite" if target.type == "spark" else "append",
        partition_by="as_of_date" if target.type == "spark" else none,
        full_refresh=false,
        on_schema_change="fail",
        pre_hook="{{ clear_pending_dates() }}",
    )
}}

-- depends_on: {{ ref('int_time__as_of_dates') }}
with

    scores as (select * from {{ ref("int_rfm__scores") }}),

    {% if may_use_margins() %}
        measures as (select profit_measure from {{ ref("int_profit__measure") }}),
    {% endif %}

    segments as (
        select * from {{ ref("rfm_segments") }} where segment_map = '{{ var("rfm_segment_map") }}'
    )

select
    scores.as_of_date,
    scores.customer_id,
    scores.first_order_date,
    scores.last_order_date,
    scores.recency_days,
    scores.frequency,
    scores.monetary_amount,
    scores.recency_score,
    scores.frequency_score,
    scores.monetary_score,
    scores.rfm_code,
    cast(segments.rfm_segment as {{ dbt.type_string() }}) as rfm_segment,
    cast(
        {{ "measures.profit_measure" if may_use_margins() else "'net_revenue'" }}
        as {{ dbt.type_string() }}
    ) as monetary_measure,
    cast('{{ settings_hash() }}' as {{ dbt.type_string() }}) as settings_hash
from scores
{% if may_use_margins() %} cross join measures {% endif %}
left join segments on scores.rfm_code = segments.rfm_code
