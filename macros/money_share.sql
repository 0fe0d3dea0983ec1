{#- One sum of money as a share of another one; null where that is not more than nothing. -#}
{% macro money_share(part, whole) -%}
    case
        when {{ whole }} > 0
        then cast({{ part }} as {{ type_double() }}) / cast({{ whole }} as {{ type_double() }})
    end
{%- endmacro %}
