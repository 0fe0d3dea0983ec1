{%- set definitions = best_definitions() -%}
{%- set text = dbt.type_string() -%}

with

    measures as (select * from {{ ref("int_value__best_measures") }}),

    excluded as (select distinct customer_id from {{ ref("excluded_customers") }}),

    customer_rfm as (select * from {{ ref("customer_rfm") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    candidates as (

        select measures.*
        from measures
        left join excluded on measures.customer_id = excluded.customer_id
        where excluded.customer_id is null

    ),

    {#- Equal customers share a rank; all who tie at the cut are on the list. -#}
    ranked as (

        {% for definition, label in definitions.items() -%}
            select
                customer_id,
                '{{ definition }}' as definition,
                '{{ label }}' as measure_label,
                {{ definition }} as measure_value,
                rank() over (order by {{ definition }} desc) as rank,
                count(*) over () as customer_count
            from candidates
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}

    ),

    best as (

        select *
        from ranked
        where
            measure_value > 0
            and rank <= ceil(customer_count * {{ double_literal(var("rfm_best_share")) }} - 1e-9)

    )

select
    as_of_dates.as_of_date,
    cast(best.definition as {{ text }}) as definition,
    cast(best.rank as {{ dbt.type_bigint() }}) as rank,
    best.customer_id,
    best.measure_value,
    cast(
        {{
            dbt.concat(
                [
                    "'number '",
                    "cast(best.rank as " ~ text ~ ")",
                    "' of '",
                    "cast(best.customer_count as " ~ text ~ ")",
                    "' by '",
                    "best.measure_label",
                    "' ('",
                    "case when best.definition = 'longest_tenure' then cast(cast(best.measure_value as "
                    ~ dbt.type_int()
                    ~ ") as "
                    ~ text
                    ~ ") else cast(best.measure_value as "
                    ~ text
                    ~ ") end",
                    "')'",
                    "coalesce('; ' || customer_rfm.rfm_segment || '; ' || cast(customer_rfm.frequency as "
                    ~ text
                    ~ ") || case when customer_rfm.frequency = 1 then ' order on ' else ' orders, the last on ' end"
                    ~ " || cast(customer_rfm.last_order_date as "
                    ~ text
                    ~ "), '')",
                ]
            )
        }}
        as {{ text }}
    ) as reasons
from best
cross join as_of_dates
left join customer_rfm on best.customer_id = customer_rfm.customer_id
