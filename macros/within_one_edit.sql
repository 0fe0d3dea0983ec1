{#- Whether two texts are equal or one typing error apart: a letter too much, too few, another one, or two swapped.
    Where the texts part decides, so each position is looked at once; texts that part after max_length letters
    count as different. False when one of them is null. -#}
{% macro within_one_edit(left_text, right_text, max_length=20) -%}
    case
        when {{ left_text }} = {{ right_text }}
        then true
        when abs(length({{ left_text }}) - length({{ right_text }})) > 1
        then false
        {%- for place in range(1, max_length + 1) %}
            when substr({{ left_text }}, {{ place }}, 1) <> substr({{ right_text }}, {{ place }}, 1)
            then
                substr({{ left_text }}, {{ place + 1 }}) = substr({{ right_text }}, {{ place + 1 }})
                or substr({{ left_text }}, {{ place }}) = substr({{ right_text }}, {{ place + 1 }})
                or substr({{ left_text }}, {{ place + 1 }}) = substr({{ right_text }}, {{ place }})
                or (
                    substr({{ left_text }}, {{ place }}, 1)
                    = substr({{ right_text }}, {{ place + 1 }}, 1)
                    and substr({{ left_text }}, {{ place + 1 }}, 1)
                    = substr({{ right_text }}, {{ place }}, 1)
                    and substr({{ left_text }}, {{ place + 2 }})
                    = substr({{ right_text }}, {{ place + 2 }})
                )
        {%- endfor %}
        else false
    end
{%- endmacro %}
