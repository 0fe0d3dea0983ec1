{#- A column as a whole number of so many digits at most, null where it is none. 17.0 is one, 17.5 is not. -#}
{% macro parse_integer(column, digits=9) -%}
    {%- set text = "trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "))" -%}
    case
        when {{ matches_pattern(text, "^[+-]?[0-9]{1," ~ digits ~ "}([.]0*)?$") }}
        then cast({{ replace_pattern(text, "[.]0*$", "") }} as {{ dbt.type_bigint() }})
    end
{%- endmacro %}
