{#- The as-of dates the history already holds. This looks at what an earlier build left behind, so that
    a finished date is not computed again; it cannot be a ref, because the history is built from it. -#}
{% macro finished_as_of_dates() -%}
    {%- set history = none -%}
    {%- if execute and not var("rfm_restate") -%}
        {%- for node in graph.nodes.values() if node.name == "customer_rfm_history" -%}
            {%- set found = adapter.get_relation(
                database=node.database, schema=node.schema, identifier=node.alias
            ) -%}
            {%- if found -%} {{ return("select distinct as_of_date from " ~ found) }} {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    select cast(null as date) as as_of_date
    where 1 = 0
{%- endmacro %}
