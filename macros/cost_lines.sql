{#- The cost lines of the profit and loss statement, each with the margin it comes off first, its parts (columns of
    int_profit__movements, each with _amount after its name) and the count of its events whose rate is not known. -#}
{% macro cost_lines() -%}
    {{
        return(
            [
                {"name": "goods_cost", "margin": 1, "parts": ["goods_cost"], "missing": none},
                {
                    "name": "fulfilment_cost",
                    "margin": 2,
                    "parts": ["shipping", "fulfilment_activities"],
                    "missing": "fulfilment_missing_count",
                },
                {
                    "name": "payment_cost",
                    "margin": 2,
                    "parts": ["chargebacks", "payment_activities"],
                    "missing": "payment_missing_count",
                },
                {
                    "name": "return_cost",
                    "margin": 2,
                    "parts": ["restocking", "return_activities"],
                    "missing": "return_missing_count",
                },
                {
                    "name": "marketing_cost",
                    "margin": 3,
                    "parts": ["campaigns", "marketing_activities"],
                    "missing": "marketing_missing_count",
                },
                {
                    "name": "service_cost",
                    "margin": 3,
                    "parts": ["compensation", "service_activities"],
                    "missing": "service_missing_count",
                },
                {
                    "name": "late_payment_cost",
                    "margin": 3,
                    "parts": ["late_payment_activities"],
                    "missing": "late_payment_missing_count",
                },
            ]
        )
    }}
{%- endmacro %}
