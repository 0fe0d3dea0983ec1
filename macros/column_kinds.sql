{#- The kind of each column of a relation by its name: number, instant (a time with a zone), time (without one
    or a date), or text for everything else. Engines that can ask a value for its type need it less. -#}
{% macro column_kinds(relation) -%}
    {%- set kinds = {} -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(relation) -%}
            {%- do kinds.update({column.name: column_kind(column.dtype)}) -%}
        {%- endfor -%}
        {%- if not kinds -%}
            {{
                exceptions.raise_compiler_error(
                    "The table "
                    ~ relation
                    ~ " does not exist, or you may not read it: ask for the privilege, set"
                    ~ " rfm_table_schema and rfm_table_name, or take what reads it from rfm_sources"
                )
            }}
        {%- endif -%}
    {%- endif -%}
    {{ return(kinds) }}
{%- endmacro %}

{% macro column_kind(data_type) -%}
    {%- set name = data_type | lower -%}
    {%- if name.startswith("timestamp with time zone") or name == "timestamptz" -%}
        {{ return("instant") }}
    {%- elif name == "timestamp" and target.type == "spark" -%}
        {#- Spark's timestamp is an instant, whatever zone it was written in. -#}
        {{ return("instant") }}
    {%- elif name.startswith("timestamp") or name == "date" or name == "datetime" -%}
        {{ return("time") }}
    {%- elif modules.re.match("(big|small|tiny|huge|u)*int|integer|long|short|byte", name) -%}
        {{ return("number") }}
    {%- elif modules.re.match("numeric|decimal|double|float|real", name) -%} {{ return("number") }}
    {%- endif -%}
    {{ return("text") }}
{%- endmacro %}

{#- A column of the orders table that a setting names, quoted. -#}
{% macro table_column(setting, kinds) -%}
    {%- set name = var(setting) -%}
    {%- if execute and name not in kinds -%}
        {{
            exceptions.raise_compiler_error(
                "The table of orders has no column "
                ~ name
                ~ " (setting "
                ~ setting
                ~ "); its columns are "
                ~ kinds.keys()
                | join(", ")
            )
        }}
    {%- endif -%}
    {{ return(quote_column(name)) }}
{%- endmacro %}
