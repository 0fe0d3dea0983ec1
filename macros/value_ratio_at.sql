{#- The value ratio that is exceeded with the given probability, linear between the stored ones, 0 beyond
    the last. Expects columns value_ratio_1, value_ratio_2, ... -#}
{% macro value_ratio_at(tail_probability) -%}
    {%- set tails = interval_tail_probabilities() -%}
    case
        {%- for tail in tails[1:] %}
            {%- set before = tails[loop.index0] %}
            when {{ tail_probability }} <= {{ double_literal(tail) }}
            then
                value_ratio_{{ loop.index }}
                + (value_ratio_{{ loop.index + 1 }} - value_ratio_{{ loop.index }})
                * ({{ tail_probability }} - {{ double_literal(before) }})
                / {{ double_literal(tail - before) }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
