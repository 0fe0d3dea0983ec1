{#- Every source that offers the entity, stacked, each row with the name of its source. -#}
{% macro union_sources(entity, columns) -%}
    {%- set offering = [] -%}
    {%- for source_name, entities in var("rfm_sources").items() if entity in entities -%}
        {%- do offering.append(source_name) -%}
    {%- endfor -%}
    {%- for source_name in offering %}
        select
            cast('{{ source_name }}' as {{ dbt.type_string() }}) as source_name,
            {{ columns | join(", ") }}
        from {{ ref("stg_" ~ source_name ~ "__" ~ entity) }}
        {% if not loop.last %}
            union all
        {% endif %}
    {%- endfor -%}
{%- endmacro %}
