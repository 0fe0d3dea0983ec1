{#- The definitions of a best customer, each with what it measures in words; profit where costs are known. -#}
{% macro best_definitions() -%}
    {%- set definitions = {
        "lifetime_value": "expected value of the next 36 months",
        "revenue_this_year": "net revenue this fiscal year",
        "revenue_ever": "net revenue ever",
        "longest_tenure": "days since the first order",
    } -%}
    {%- if has_costs() -%}
        {%- do definitions.update(
            {"profit_this_year": "profit this fiscal year", "profit_ever": "profit ever"}
        ) -%}
    {%- endif -%}
    {%- if var("rfm_best_definition") not in definitions -%}
        {{
            exceptions.raise_compiler_error(
                "rfm_best_definition is '"
                ~ var("rfm_best_definition")
                ~ "': use "
                ~ definitions.keys()
                | join(", ") ~ ("" if has_costs() else " (profit needs a source with costs)")
            )
        }}
    {%- endif -%}
    {{ return(definitions) }}
{%- endmacro %}
