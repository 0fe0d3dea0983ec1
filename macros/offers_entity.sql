{#- True when a source of `rfm_sources` offers the entity; with `source_name`, when that one does. -#}
{% macro offers_entity(entity, source_name=none) -%}
    {%- set found = [] -%}
    {%- for name, entities in var("rfm_sources").items() -%}
        {%- if entity in entities and source_name in (none, name) -%}
            {%- do found.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | length > 0) }}
{%- endmacro %}
