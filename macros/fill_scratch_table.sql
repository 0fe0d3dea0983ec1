{#- Make a working table anew from a query. -#}
{% macro fill_scratch_table(name, query) -%}
    {%- set table = scratch_table(name) -%}
    {%- do run_query("drop table if exists " ~ table) -%}
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
