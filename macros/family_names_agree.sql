{#- Whether two records say the same family name, or one with a typing error. False when one is missing. `left` and
    `right` are tables with family_name_key. -#}
{% macro family_names_agree(left, right) -%}
    {%- set left_name = left ~ ".family_name_key" -%}
    {%- set right_name = right ~ ".family_name_key" -%}
    case
        when {{ left_name }} is null or {{ right_name }} is null
        then false
        when length({{ left_name }}) < 4 or length({{ right_name }}) < 4
        then {{ left_name }} = {{ right_name }}
        else {{ within_one_edit(left_name, right_name) }}
    end
{%- endmacro %}
