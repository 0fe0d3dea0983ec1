{#- What postcodes are compared by: no blanks or hyphens, five digits of American ones, and the zero in front that
    spreadsheets take away. -#}
{% macro postal_code_key(postal_code, country_code) -%}
    {%- set bare = replace_pattern(
        "lower(" ~ postal_code ~ ")", "^([0-9]{5})-[0-9]{4}$|[ .-]", "<1>"
    ) -%}
    case
        when length({{ bare }}) = 4 and {{ country_code }} in ('DE', 'US', 'FR', 'IT', 'ES')
        then '0' || {{ bare }}
        else nullif({{ bare }}, '')
    end
{%- endmacro %}
