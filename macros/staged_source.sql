{#- The source of the staging model that is being built, stg_<source>__<entity>. -#}
{% macro staged_source() -%}
    {%- set found = modules.re.match("stg_(.+?)__", model.name) -%}
    {%- if not found -%}
        {{
            exceptions.raise_compiler_error(
                "The model " ~ model.name ~ " stages an entity: name it stg_<source>__<entity>"
            )
        }}
    {%- endif -%}
    {{ return(found.group(1)) }}
{%- endmacro %}
