{#- Whether the first name of one record is the family name of the other and the other way round, as when a form had them
    in another order. `left` and `right` are tables with given_name_word and family_name_key. -#}
{% macro names_swapped(left, right) -%}
    coalesce(
        {{ left }}.given_name_word = {{ right }}.family_name_key
        and {{ right }}.given_name_word = {{ left }}.family_name_key,
        false
    )
{%- endmacro %}
