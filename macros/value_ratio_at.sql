{#- The value ratio that is exceeded with the given probability, linear between the stored ones, 0 beyond
    the last. Expects columns value_ratio_1, value_ratio_2, ...; the probability is at least `lowest_tail`. -#}
{% macro value_ratio_at(tail_probability, lowest_tail) -%}
    {%- set tails = interval_tail_probabilities() -%}
    case
        {%- for tail in tails[1:] if tail > lowest_tail %}
            {%- set number = tails.index(tail) %}
            {%- set before = tails[number - 1] %}
            when {{ tail_probability }} <= {{ double_literal(tail) }}
            then
                value_ratio_{{ number }}
                + (value_ratio_{{ number + 1 }} - value_ratio_{{ number }})
                * ({{ tail_probability }} - {{ double_literal(before) }})
                / {{ double_literal(tail - before) }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
