{#- The measures of one entity of one source, one row each, from one pass over its rows. -#}
{% macro measure_entity(source_name, entity) -%}
    {%- set spec = quality_entities().get(entity, {}) -%}
    {%- set text = dbt.type_string() -%}
    {%- set key = spec.get("key", []) -%}
    {%- set times = spec.get("times", []) -%}
    {%- set any_of = spec.get("any_of", {}) -%}
    {%- set parents = [] -%}
    {%- for parent in spec.get("parents", []) -%}
        {%- set keys = [] -%}
        {%- for other_name, entities in var("rfm_sources").items() -%}
            {%- if other_name == source_name or parent.get("anywhere") -%}
                {%- for one in parent.entities if one in entities -%}
                    {%- do keys.append(
                        "select "
                        ~ parent.key
                        ~ " as parent_key from "
                        ~ ref("stg_" ~ other_name ~ "__" ~ one)
                    ) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if keys -%}
            {%- do parents.append(
                {
                    "column": parent.column,
                    "name": "parents_" ~ loop.index,
                    "offered": keys | join(" union all "),
                }
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set filled_keys = [] -%}
    {%- for column in key -%}
        {%- do filled_keys.append("entity_rows." ~ column ~ " is not null") -%}
    {%- endfor -%}
    {%- set measures = [
        {"check": "row_count", "column": none, "part": "row_count", "whole": "null"},
        {
            "check": "validity",
            "column": none,
            "part": "usable_count",
            "whole": "named_row_count",
        },
    ] -%}
    {%- for column in spec.get("columns", []) -%}
        {%- do measures.append(
            {
                "check": "completeness",
                "column": column,
                "part": "filled_" ~ column,
                "whole": "usable_count",
            }
        ) -%}
    {%- endfor -%}
    {%- for name in any_of -%}
        {%- do measures.append(
            {
                "check": "completeness",
                "column": name,
                "part": "filled_any_" ~ name,
                "whole": "usable_count",
            }
        ) -%}
    {%- endfor -%}
    {%- if key -%}
        {%- do measures.append(
            {
                "check": "uniqueness",
                "column": key | join(", "),
                "part": "distinct_key_count",
                "whole": "filled_key_count",
            }
        ) -%}
    {%- endif -%}
    {%- for parent in parents -%}
        {%- do measures.append(
            {
                "check": "orphan_rate",
                "column": parent.column,
                "part": "orphans_of_" ~ parent.name,
                "whole": "children_of_" ~ parent.name,
            }
        ) -%}
    {%- endfor -%}
    {%- if times -%}
        {%- do measures.append(
            {"check": "freshness", "column": none, "part": "null", "whole": "null"}
        ) -%}
    {%- endif %}
    select
        cast('{{ source_name }}' as {{ text }}) as source_name,
        cast('{{ entity }}' as {{ text }}) as entity,
        case
            measure_numbers.measure_number
            {%- for measure in measures %}
                when {{ loop.index }} then cast('{{ measure.check }}' as {{ text }})
            {%- endfor %}
        end as check_name,
        case
            measure_numbers.measure_number
            {%- for measure in measures %}
                when {{ loop.index }}
                then
                    cast(
                        {{ "'" ~ measure.column ~ "'" if measure.column else "null" }} as {{ text }}
                    )
            {%- endfor %}
        end as column_name,
        entity_counts.row_count,
        case
            measure_numbers.measure_number
            {%- for measure in measures %}
                when {{ loop.index }} then {{ measure.part }}
            {%- endfor %}
        end as part_count,
        case
            measure_numbers.measure_number
            {%- for measure in measures if measure.whole != "null" %}
                when {{ measures.index(measure) + 1 }} then {{ measure.whole }}
            {%- endfor %}
        end as whole_count,
        entity_counts.newest_date
    from
        (
            select
                count(*) as row_count,
                {#- Rows of erased people are counted, so that no source seems to shrink; they say nothing of it. #}
                count(*) filter (
                    where coalesce(entity_rows.quarantine_reason, '') <> 'customer_erased'
                ) as named_row_count,
                count(*) filter (where entity_rows.quarantine_reason is null) as usable_count,
                {%- for column in spec.get("columns", []) %}
                    count(entity_rows.{{ column }}) filter (
                        where entity_rows.quarantine_reason is null
                    ) as filled_{{ column }},
                {%- endfor %}
                {%- for name, columns in any_of.items() %}
                    count(*) filter (
                        where
                            entity_rows.quarantine_reason is null
                            and (
                                {%- for column in columns %}
                                    entity_rows.{{ column }} is not null {{ "or" if not loop.last }}
                                {%- endfor %}
                            )
                    ) as filled_any_{{ name }},
                {%- endfor %}
                {%- if key %}
                    count(*) filter (where {{ filled_keys | join(" and ") }}) as filled_key_count,
                    count(
                        distinct
                        {%- for column in key %}
                            cast(
                                entity_rows.{{ column }} as {{ text }}
                            ) {{ "|| '|' ||" if not loop.last }}
                        {%- endfor %}
                    ) as distinct_key_count,
                {%- endif %}
                {%- for parent in parents %}
                    count(entity_rows.{{ parent.column }}) as children_of_{{ parent.name }},
                    count(entity_rows.{{ parent.column }}) filter (
                        where {{ parent.name }}.parent_key is null
                    ) as orphans_of_{{ parent.name }},
                {%- endfor %}
                {%- if times %}
                    greatest(
                        {%- for column in times %}
                            max(
                                case
                                    when
                                        cast(entity_rows.{{ column }} as date)
                                        < as_of_dates.as_of_date
                                    then cast(entity_rows.{{ column }} as date)
                                end
                            ) {{ "," if not loop.last }}
                        {%- endfor %}
                        {%- if times | length == 1 %}, cast(null as date) {%- endif %}
                    ) as newest_date
                {%- else %} cast(null as date) as newest_date
                {%- endif %}
            from {{ ref("stg_" ~ source_name ~ "__" ~ entity) }} as entity_rows
            {%- if times %}
                left join
                    (
                        select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current
                    ) as as_of_dates
                    on 1 = 1
            {%- endif %}
            {%- for parent in parents %}
                left join
                    (
                        select distinct parent_key
                        from ({{ parent.offered }}) as offered_keys
                        where parent_key is not null
                    ) as {{ parent.name }}
                    on entity_rows.{{ parent.column }} = {{ parent.name }}.parent_key
            {%- endfor %}
        ) as entity_counts
    cross join
        (
            {%- for measure in measures %}
                select {{ loop.index }} as measure_number {{ "union all" if not loop.last }}
            {%- endfor %}
        ) as measure_numbers
{%- endmacro %}
