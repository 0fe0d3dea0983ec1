{#- How many rows each entity of each source had in the last run that passed; of orders in a file or table, in the last
    run that read that one. This looks at what an earlier build
    left behind; it cannot be a ref, because counts are kept only after they were compared with it. -#}
{% macro last_row_counts() -%}
    {%- set kept = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.name == "int_quality__row_counts" -%}
            {%- set found = adapter.get_relation(
                database=node.database, schema=node.schema, identifier=node.alias
            ) -%}
            {#- Runs of an earlier version did not keep it. -#}
            {%- if found and "location" in adapter.get_columns_in_relation(found) | map(
                attribute="name"
            ) -%}
                {%- do kept.append(found) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if kept %}
        select source_name, entity, row_count
        from
            (
                select
                    source_name,
                    entity,
                    row_count,
                    run_number,
                    max(run_number) over (partition by source_name, entity) as last_run_number
                from {{ kept[0] }}
                where coalesce(location, '') = coalesce({{ source_location("source_name") }}, '')
            ) as kept_counts
        where run_number = last_run_number
    {%- else %}
        select
            cast(null as {{ dbt.type_string() }}) as source_name,
            cast(null as {{ dbt.type_string() }}) as entity,
            cast(null as {{ dbt.type_bigint() }}) as row_count
        where 1 = 0
    {%- endif -%}
{%- endmacro %}
