{#- Whether money may mean a contribution margin in this build: int_profit__measure says whether it does. -#}
{% macro may_use_margins() -%}
    {{ return(has_costs() and wanted_measure() != "net_revenue") }}
{%- endmacro %}
