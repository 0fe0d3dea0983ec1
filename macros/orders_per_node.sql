{#- Expected orders at one quadrature node, weighted over several horizons: the sum over h of
    weight_h * (1 - (1 + z h)^-k) / p, where z = p / (alpha + T) and k = r + x (docs/lifetime-value.md).
    `horizons` are pairs of days and weight. Where k z h is tiny the difference would lose its digits, so
    four terms of its series stand in; the error of either is below 1e-11 relative. -#}
{% macro orders_per_node(
    horizons, z="z", k="k", p="dropout_probability", exposure="exposure_days"
) -%}
    {%- set longest = horizons | map("first") | max -%}
    case
        when {{ z }} * {{ double_literal(longest) }} * ({{ k }} + 1) < 1e-3
        then
            {{ k }}
            / {{ exposure }}
            * (
                {%- for days, weight in horizons %}
                    {{ double_literal(days * weight) }} * (
                        1
                        - ({{ k }} + 1)
                        * {{ z }}
                        * {{ double_literal(days) }}
                        / 2
                        * (
                            1
                            - ({{ k }} + 2)
                            * {{ z }}
                            * {{ double_literal(days) }}
                            / 3
                            * (1 - ({{ k }} + 3) * {{ z }} * {{ double_literal(days) }} / 4)
                        )
                    ) {{ "+" if not loop.last }}
                {%- endfor %}
            )
        else
            (
                {%- for days, weight in horizons %}
                    {{ double_literal(weight) }}
                    * (1 - {{ power_of("1 + " ~ z ~ " * " ~ double_literal(days), "-" ~ k) }})
                    {{ "+" if not loop.last }}
                {%- endfor %}
            )
            / {{ p }}
    end
{%- endmacro %}
