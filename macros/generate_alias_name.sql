{#- The name of a table. `rfm run` builds the marts beside the old ones, under names with rfm_marts_suffix, and
    lets them take their place when all is well. The history stays where it is: it is added to. -#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- set name = custom_alias_name or node.name -%}
    {%- set is_replaced = (
        node.resource_type == "model"
        and "marts" in node.fqn
        and node.config.materialized != "incremental"
    ) -%}
    {{ return(name | trim ~ (var("rfm_marts_suffix") if is_replaced else "")) }}
{%- endmacro %}
