{#- Whether two records say the same first name: one canonical name, an initial of it, a short form (Soph is Sophie), or a
    typing error in it. `left` and `right` are tables with given_name_key, given_name_word, is_given_name_listed and
    is_given_name_full. False when a name is missing. -#}
{% macro given_names_agree(left, right) -%}
    case
        when {{ left }}.given_name_key is null or {{ right }}.given_name_key is null
        then false
        when {{ left }}.given_name_key = {{ right }}.given_name_key
        then true
        when not {{ left }}.is_given_name_full or not {{ right }}.is_given_name_full
        then
            substr({{ left }}.given_name_key, 1, 1) = substr({{ right }}.given_name_key, 1, 1)
            or coalesce(
                substr({{ left }}.given_name_word, 1, 1)
                = substr({{ right }}.given_name_word, 1, 1),
                false
            )
        else
            {{ is_short_name(left, right) }}
            or {{ is_short_name(right, left) }}
            or {{ is_mistyped_name(left ~ ".given_name_key", right ~ ".given_name_key") }}
            {# Tomasz and Tomssz: the one is Thomas here, the other is nobody. #}
            or coalesce(
                {{ is_mistyped_name(left ~ ".given_name_word", right ~ ".given_name_word") }}, false
            )
    end
{%- endmacro %}
