{#- The integral of y e^(c y) for y from 0 to g; a series where c g is close to 0. -#}
{% macro growth_moment(c, g) -%}
    case
        when abs({{ c }} * {{ g }}) < 1e-3
        then
            {{ g }}
            * {{ g }}
            * (
                {{ double_literal(0.5) }}
                + {{ c }}
                * {{ g }}
                / 3
                * (1 + 3 * {{ c }} * {{ g }} / 8 * (1 + 4 * {{ c }} * {{ g }} / 15))
            )
        else
            (
                {{ g }} * {{ exp_above_zero(c ~ " * " ~ g) }}
                - ({{ exp_above_zero(c ~ " * " ~ g) }} - 1) / {{ c }}
            )
            / {{ c }}
    end
{%- endmacro %}
