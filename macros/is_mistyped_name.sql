{#- Whether two first names are one with a typing error. Other letters in short names and at the end make another name
    (Tim and Tom, Lea and Lena, Daniel and Daniela), but swapped and doubled ones do not. -#}
{% macro is_mistyped_name(left, right) -%}
    case
        when length({{ left }}) < 3 or length({{ right }}) < 3
        then false
        when
            length({{ left }}) = length({{ right }})
            and (
                {{ is_swapped(left, right, "1") }}
                or {{ is_swapped(left, right, "length(" ~ left ~ ") - 1") }}
            )
        then true
        when length({{ right }}) = length({{ left }}) + 1 and ({{ is_doubled(left, right) }})
        then true
        when length({{ left }}) = length({{ right }}) + 1 and ({{ is_doubled(right, left) }})
        then true
        when length({{ left }}) < 4 or length({{ right }}) < 4
        then false
        when
            substr({{ left }}, length({{ left }}), 1) <> substr({{ right }}, length({{ right }}), 1)
        then false
        else {{ within_one_edit(left, right) }}
    end
{%- endmacro %}

{#- Whether the letter at a place and the next are swapped, and all else is equal. -#}
{% macro is_swapped(left, right, place) -%}
    (
        substr({{ left }}, {{ place }}, 1) = substr({{ right }}, {{ place }} + 1, 1)
        and substr({{ left }}, {{ place }} + 1, 1) = substr({{ right }}, {{ place }}, 1)
        and substr({{ left }}, 1, {{ place }} - 1) = substr({{ right }}, 1, {{ place }} - 1)
        and substr({{ left }}, {{ place }} + 2) = substr({{ right }}, {{ place }} + 2)
    )
{%- endmacro %}

{#- Whether a word is another one with one of its first letters twice. -#}
{% macro is_doubled(word, longer) -%}
    {% for place in range(1, 4) %}
        {{ "or" if not loop.first }}
        (
            substr({{ longer }}, {{ place }}, 1) = substr({{ longer }}, {{ place + 1 }}, 1)
            and substr({{ longer }}, 1, {{ place }}) = substr({{ word }}, 1, {{ place }})
            and substr({{ longer }}, {{ place + 2 }}) = substr({{ word }}, {{ place + 1 }})
        )
    {% endfor %}
{%- endmacro %}
