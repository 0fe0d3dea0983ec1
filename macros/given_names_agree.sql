{#- Whether two records say the same first name: one canonical name, an initial of it, or a typing error in it. `left`
    and `right` are tables with given_name_key and is_given_name_full. False when a name is missing.
    Short names and last letters are no typing errors: Tim and Tom, Daniel and Daniela are two people. -#}
{% macro given_names_agree(left, right) -%}
    {%- set left_name = left ~ ".given_name_key" -%}
    {%- set right_name = right ~ ".given_name_key" -%}
    case
        when {{ left_name }} is null or {{ right_name }} is null
        then false
        when {{ left_name }} = {{ right_name }}
        then true
        when not {{ left }}.is_given_name_full or not {{ right }}.is_given_name_full
        then substr({{ left_name }}, 1, 1) = substr({{ right_name }}, 1, 1)
        when length({{ left_name }}) < 4 or length({{ right_name }}) < 4
        then false
        when
            substr({{ left_name }}, length({{ left_name }}), 1)
            <> substr({{ right_name }}, length({{ right_name }}), 1)
        then false
        else {{ within_one_edit(left_name, right_name) }}
    end
{%- endmacro %}
