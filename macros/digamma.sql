{#- The slope of ln Gamma at a positive double: its asymptotic series eight further on, and back. The error is below
    1e-9. -#}
{% macro digamma(x) -%}
    (
        ln({{ x }} + 8)
        - 1 / (2 * ({{ x }} + 8))
        - 1
        / (12 * ({{ x }} + 8) * ({{ x }} + 8))
        * (
            1
            - 1
            / (10 * ({{ x }} + 8) * ({{ x }} + 8))
            * (1 - 10 / (21 * ({{ x }} + 8) * ({{ x }} + 8)))
        )
        {%- for step in range(8) %} - 1 / ({{ x }} + {{ step }}) {%- endfor %}
    )
{%- endmacro %}
