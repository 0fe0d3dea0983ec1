{#- A column as a calendar date, null where it is none. Texts are ISO dates, or of the form dd.mm.yyyy or
    yyyymmdd. A date has no zone: the day that is written is the day. `kind` is the kind of the column. -#}
{% macro parse_date(column, kind, form="") -%}
    {%- if kind in ("time", "instant") -%} {%- set written = column -%}
    {%- else -%}
        {%- set written = "trim(cast(" ~ column ~ " as " ~ dbt.type_string() ~ "))" -%}
        {%- if form == "dd.mm.yyyy" -%}
            {%- set written = replace_pattern(
                written, "^([0-9]{1,2})[.]([0-9]{1,2})[.]([0-9]{4})$", "<3>-<2>-<1>"
            ) -%}
        {%- elif form == "yyyymmdd" -%}
            {%- set written = replace_pattern(
                written, "^([0-9]{4})([0-9]{2})([0-9]{2})([.]0)?$", "<1>-<2>-<3>"
            ) -%}
        {%- elif form -%} {{ exceptions.raise_compiler_error("parse_date knows no form " ~ form) }}
        {%- endif -%}
        {%- set kind = "text" -%}
    {%- endif -%}
    cast({{ parse_timestamp(written, kind, zone="UTC") }} as date)
{%- endmacro %}
