{#- Whether two records say one name: the first name, or the family name where one has no first name, or both in the other
    order; `with_family` asks for both. `left` and `right` are tables with the columns of int_identity__records. -#}
{% macro names_agree(left, right, with_family=false) -%}
    (
        {{ names_swapped(left, right) }}
        or (
            (
                {{ given_names_agree(left, right) }}
                or (
                    ({{ left }}.given_name_key is null or {{ right }}.given_name_key is null)
                    and {{ family_names_agree(left, right) }}
                )
            )
            {%- if with_family %} and {{ family_names_agree(left, right) }} {%- endif %}
        )
    )
{%- endmacro %}
