{#- A column as true or false, null where it is neither. -#}
{% macro parse_boolean(column) -%}
    case
        when
            lower(trim(cast({{ column }} as {{ dbt.type_string() }})))
            in ('true', 't', '1', 'yes', 'y')
        then true
        when
            lower(trim(cast({{ column }} as {{ dbt.type_string() }})))
            in ('false', 'f', '0', 'no', 'n')
        then false
    end
{%- endmacro %}
