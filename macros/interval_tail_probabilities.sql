{#- The tail probabilities that fitted_ltv_intervals holds; rfm_cli/ltv/intervals.py computes the same. -#}
{% macro interval_tail_probabilities() -%}
    {{
        return(
            [
                0.05,
                0.06,
                0.07,
                0.085,
                0.1,
                0.125,
                0.15,
                0.2,
                0.25,
                0.3,
                0.4,
                0.5,
                0.6,
                0.7,
                0.8,
                0.9,
                0.95,
                0.97,
                0.985,
                1.0,
            ]
        )
    }}
{%- endmacro %}
