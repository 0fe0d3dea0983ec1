{#- The reason of the first check that a row fails, null for usable rows; a check is a condition and a reason. -#}
{% macro first_reason(checks) -%}
    case
        {%- for condition, reason in checks %}
            when {{ condition }} then '{{ reason }}'
        {%- endfor %}
        {%- if not checks %} when 1 = 0 then '' {%- endif %}
    end
{%- endmacro %}
