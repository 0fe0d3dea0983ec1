{#- What is wrong with a currency code, for quarantine_reason. -#}
{% macro currency_checks(currency) -%}
    {{
        return(
            [
                [
                    "("
                    ~ currency
                    ~ " is null or not ("
                    ~ matches_pattern(currency, "^[A-Z]{3}$")
                    ~ "))",
                    "currency_unknown",
                ]
            ]
        )
    }}
{%- endmacro %}
