{#- What of the costs of int_profit__customer_days counts against what money means: all down to that margin. -#}
{% macro measured_cost(customer_days, profit_measure) -%}
    case
        {{ profit_measure }}
        {%- for margin in [1, 2, 3] %}
            when 'cm{{ margin }}' then {{ customer_days }}.cm{{ margin }}_cost_amount
        {%- endfor %}
        else 0
    end
{%- endmacro %}
