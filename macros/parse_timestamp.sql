{#- A column of the orders file as UTC time, null where it cannot be read.
    A time with an offset is an instant; one without is read in the reporting zone. -#}
{% macro parse_timestamp(column, date_format) -%}
    {{ return(adapter.dispatch("parse_timestamp", "rfm")(column, date_format)) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(column, date_format) -%}
    {%- set zone = var("rfm_time_zone") -%}
    {%- if date_format -%}
        {%- set local = (
            "try_strptime(trim(cast("
            ~ column
            ~ " as varchar)), '"
            ~ (date_format | replace("'", "''"))
            ~ "')"
        ) -%}
        {{
            (
                local
                if zone == "UTC"
                else "cast(timezone('" ~ zone ~ "', " ~ local ~ ") as timestamp)"
            )
        }}
    {%- else -%}
        case
            when
                typeof({{ column }}) = 'TIMESTAMP WITH TIME ZONE'
                or (
                    typeof({{ column }}) = 'VARCHAR'
                    and regexp_matches(
                        cast({{ column }} as varchar), ':[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
                    )
                )
            then cast(try_cast({{ column }} as timestamptz) as timestamp)
            else
                {% if zone == "UTC" -%} try_cast({{ column }} as timestamp)
                {%- else -%}
                    cast(timezone('{{ zone }}', try_cast({{ column }} as timestamp)) as timestamp)
                {%- endif %}
        end
    {%- endif -%}
{%- endmacro %}
