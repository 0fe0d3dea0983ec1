{#- Drop every working table of this model (scratch_table), whichever run made it. -#}
{% macro drop_scratch_tables() -%}
    {%- if execute -%}
        {%- set prefix = this.identifier ~ "__" -%}
        {#- Spark names the schema first. -#}
        {%- set name_place = 1 if target.type == "spark" else 0 -%}
        {%- for name in run_query(relations_of_schema(prefix)).columns[name_place].values() -%}
            {%- if name.startswith(prefix) -%}
                {%- do run_query(
                    "drop table if exists " ~ scratch_table(name[prefix | length :])
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- A query of the relations in the schema of this model: table_name, those whose names start otherwise may be left out. -#}
{% macro relations_of_schema(prefix) -%}
    {{ return(adapter.dispatch("relations_of_schema", "rfm")(prefix)) }}
{%- endmacro %}

{% macro default__relations_of_schema(prefix) -%}
    select table_name
    from information_schema.tables
    where
        table_catalog = '{{ this.database }}'
        and table_schema = '{{ this.schema }}'
        and table_name like '{{ prefix }}%'
{%- endmacro %}

{% macro spark__relations_of_schema(prefix) -%}
    show tables in {{ this.schema }} like '{{ prefix }}*'
{%- endmacro %}
