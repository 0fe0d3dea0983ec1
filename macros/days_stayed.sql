{#- Pareto/NBD: the days that a living customer is expected to stay, of several horizons, weighted; `horizons` are pairs of
    days and weight. Of t days they are (1 - (1 + t/b)^(1-s)) b / (s-1) with b = beta + T, and b ln(1 + t/b) at s = 1. Close to
    s = 1 the difference would lose its digits, so four terms of its series stand in; the error of either is below
    1e-11 relative. Expects the columns s and dropout_end, which is b. -#}
{% macro days_stayed(horizons) -%}
    {%- set longest = horizons | map("first") | max -%}
    case
        when abs(s - 1) * ln(1 + {{ double_literal(longest) }} / dropout_end) < 1e-3
        then
            dropout_end * (
                {%- for days, weight in horizons %}
                    {%- set growth = "ln(1 + " ~ double_literal(days) ~ " / dropout_end)" %}
                    {{ double_literal(weight) }}
                    * {{ growth }}
                    * (
                        1
                        - (s - 1)
                        * {{ growth }}
                        / 2
                        * (1 - (s - 1) * {{ growth }} / 3 * (1 - (s - 1) * {{ growth }} / 4))
                    )
                    {{ "+" if not loop.last }}
                {%- endfor %}
            )
        else
            dropout_end * (
                {%- for days, weight in horizons %}
                    {{ double_literal(weight) }} * (
                        1
                        - {{ power_of("1 + " ~ double_literal(days) ~ " / dropout_end", "(1 - s)") }}
                    )
                    {{ "+" if not loop.last }}
                {%- endfor %}
            )
            / (s - 1)
    end
{%- endmacro %}
