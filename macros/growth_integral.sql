{#- The integral of e^(c y) for y from 0 to g; a series where c g is so close to 0 that the difference would lose its
    digits. -#}
{% macro growth_integral(c, g) -%}
    case
        when abs({{ c }} * {{ g }}) < 1e-3
        then
            {{ g }} * (
                1
                + {{ c }} * {{ g }} / 2 * (1 + {{ c }} * {{ g }} / 3 * (1 + {{ c }} * {{ g }} / 4))
            )
        else ({{ exp_above_zero(c ~ " * " ~ g) }} - 1) / {{ c }}
    end
{%- endmacro %}
