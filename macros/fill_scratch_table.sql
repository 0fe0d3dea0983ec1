{#- Make a working table from a query. There is none of that name: a model that has any drops what a killed run left
    before it begins (drop_scratch_tables). -#}
{% macro fill_scratch_table(name, query) -%}
    {%- set table = scratch_table(name) -%}
    {{ return(adapter.dispatch("fill_scratch_table", "rfm")(table, query)) }}
{%- endmacro %}

{% macro default__fill_scratch_table(table, query) -%}
    {%- do run_query("create table " ~ table ~ " as " ~ query) -%}
{%- endmacro %}

{#- Without statistics PostgreSQL plans for small tables. -#}
{% macro postgres__fill_scratch_table(table, query) -%}
    {%- do run_query("create unlogged table " ~ table ~ " as " ~ query) -%}
    {%- do run_query("analyze " ~ table) -%}
{%- endmacro %}

{% macro spark__fill_scratch_table(table, query) -%}
    {%- do run_query("create table " ~ table ~ " using parquet as " ~ query) -%}
{%- endmacro %}
