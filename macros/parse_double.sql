{#- A column as a finite double, null where it is none. `kind` is the kind of the column (column_kind). -#}
{% macro parse_double(column, kind) -%}
    {%- if kind == "number" -%}
        case when abs({{ column }}) < 1e300 then cast({{ column }} as {{ type_double() }}) end
    {%- else -%}
        {%- set text = "trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "))" -%}
        case
            when
                {{
                    matches_pattern(
                        text,
                        "^[+-]?([0-9]{1,100}([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$",
                    )
                }}
            then cast({{ text }} as {{ type_double() }})
        end
    {%- endif -%}
{%- endmacro %}
