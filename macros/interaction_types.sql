{#- The types an interaction can have; a source that says another one has it quarantined. -#}
{% macro interaction_types() -%}
    {{
        return(
            [
                "preference",
                "payment",
                "campaign_response",
                "inquiry",
                "survey",
                "brand_perception",
                "complaint",
                "visit",
                "referral",
            ]
        )
    }}
{%- endmacro %}
