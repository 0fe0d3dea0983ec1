{#- Money of so many pieces, null where it is more than money can hold. -#}
{% macro multiply_money(amount, count) -%}
    case
        when abs(({{ amount }}) * ({{ count }})) < 1e16
        then cast(({{ amount }}) * ({{ count }}) as {{ type_money() }})
    end
{%- endmacro %}
