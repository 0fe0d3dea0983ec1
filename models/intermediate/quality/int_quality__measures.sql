{{ config(enabled=offers_entity("customers")) }}

{% for source_name, entities in var("rfm_sources").items() %}
    {%- set is_last_source = loop.last -%}
    {%- for entity in entities %}
        {{ measure_entity(source_name, entity) }}
        {% if not (is_last_source and loop.last) %}
            union all
        {% endif %}
    {%- endfor -%}
{%- endfor %}
