{#- All costs of a row of int_profit__movements up to contribution margin 1, 2 or 3. -#}
{% macro margin_cost(margin) -%}
    {%- set parts = [] -%}
    {%- for line in cost_lines() if line.margin <= margin -%}
        {%- for part in line.parts -%}
            {%- do parts.append("coalesce(" ~ part ~ "_amount, 0)") -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ parts | join(" + ") }}
{%- endmacro %}
