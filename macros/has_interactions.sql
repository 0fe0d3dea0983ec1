{#- True when a source tells more of its customers than their orders. -#}
{% macro has_interactions() -%}
    {{
        return(
            offers_entity("interactions")
            or offers_entity("payments")
            or offers_entity("campaign_events")
        )
    }}
{%- endmacro %}
