{#- The zone of a system's times without an offset: that of rfm_source_zones, else the reporting zone. -#}
{% macro source_zone(source_name) -%}
    {{ return(var("rfm_source_zones").get(source_name, var("rfm_time_zone"))) }}
{%- endmacro %}
