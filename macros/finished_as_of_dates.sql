{#- The as-of dates the history already holds. This looks at what an earlier build left behind, so that
    a finished date is not computed again; it cannot be a ref, because the history is built from it. -#}
{% macro finished_as_of_dates() -%}
    {%- set history = none -%}
    {%- if execute and not flags.FULL_REFRESH and not var("rfm_restate") -%}
        {%- set history = adapter.get_relation(
            database=target.database,
            schema=target.schema,
            identifier="customer_rfm_history",
        ) -%}
    {%- endif -%}
    {%- if history -%} select distinct as_of_date from {{ history }}
    {%- else -%} select cast(null as date) as as_of_date where 1 = 0
    {%- endif -%}
{%- endmacro %}
