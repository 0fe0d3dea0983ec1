{#- A column of a user's file by its exact name, whatever characters it holds. -#}
{% macro quote_column(name) -%}
    {{ return(adapter.quote(name | replace('"', '""'))) }}
{%- endmacro %}
