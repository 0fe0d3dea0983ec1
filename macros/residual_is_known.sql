{#- Orders to the end need a discount rate: without one they can be infinite, and below 2 % a year they hang on centuries. -#}
{% macro residual_is_known() -%} {{ return(discount_rate() >= 0.02) }} {%- endmacro %}
