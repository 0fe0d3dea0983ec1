{#- Whether two full first names cannot be those of one person. An initial never says so: B. may be Bob, who is
    Robert here. `left` and `right` are tables with given_name_key and is_given_name_full. -#}
{% macro given_names_conflict(left, right) -%}
    (
        coalesce({{ left }}.is_given_name_full and {{ right }}.is_given_name_full, false)
        and not {{ given_names_agree(left, right) }}
    )
{%- endmacro %}
