{#- True for null and for text of white space only, whatever the type of the column. -#}
{% macro is_blank(column) -%}
    ({{ column }} is null or trim(cast({{ column }} as {{ dbt.type_string() }})) = '')
{%- endmacro %}
