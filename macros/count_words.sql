{#- A whole number and what it counts, as text: 1 day, 2 days. -#}
{% macro count_words(number, one) -%}
    cast({{ number }} as {{ dbt.type_string() }})
    || case when {{ number }} = 1 then ' {{ one }}' else ' {{ one }}s' end
{%- endmacro %}
