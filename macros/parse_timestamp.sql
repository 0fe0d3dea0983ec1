{#- A column of the orders file as UTC time, null where it cannot be read. A time with an offset is an
    instant; one without is read in the reporting zone. -#}
{% macro parse_timestamp(column, date_format) -%}
    {{ return(adapter.dispatch("parse_timestamp", "rfm")(column, date_format)) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(column, date_format) -%}
    {%- set text = "trim(cast(" ~ column ~ " as varchar))" -%}
    {%- if "%z" in date_format or "%Z" in date_format -%}
        timezone('UTC', try_strptime({{ text }}, '{{ dbt.escape_single_quotes(date_format) }}'))
    {%- elif date_format -%}
        {{
            local_to_utc(
                "try_strptime(" ~ text ~ ", '" ~ dbt.escape_single_quotes(date_format) ~ "')"
            )
        }}
    {%- else -%}
        case
            when typeof({{ column }}) = 'TIMESTAMP WITH TIME ZONE'
            then timezone('UTC', try_cast({{ column }} as timestamptz))
            when typeof({{ column }}) <> 'VARCHAR'
            then {{ local_to_utc("try_cast(" ~ column ~ " as timestamp)") }}
            {%- if var("rfm_time_zone") == "UTC" %}
                {# One use of the text: DuckDB works out what stands twice for every row, needed or not. #}
                else
                    timezone(
                        'UTC',
                        try_cast(
                            regexp_replace(
                                regexp_replace(
                                    regexp_extract({{ text }}, '^[0-9]{4}-[0-9].*$'),
                                    ' ?(Z|UTC|GMT)$',
                                    'Z'
                                ),
                                ' ([+-][0-9:]+)$',
                                '\1'
                            ) as timestamptz
                        )
                    )
            {%- else %}
                when
                    regexp_matches(
                        {{ text }},
                        '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T][0-9:.]+ ?(Z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$'
                    )
                then
                    timezone(
                        'UTC',
                        try_cast(
                            regexp_replace(
                                regexp_replace({{ text }}, ' ?(Z|UTC|GMT)$', 'Z'),
                                ' ([+-][0-9:]+)$',
                                '\1'
                            ) as timestamptz
                        )
                    )
                {# Words such as infinity are times to DuckDB, and mistakes to us. #}
                when regexp_matches({{ text }}, '^[0-9]{4}-[0-9]')
                then {{ local_to_utc("try_cast(" ~ text ~ " as timestamp)") }}
            {%- endif %}
        end
    {%- endif -%}
{%- endmacro %}

{#- A time of the reporting zone as UTC time. -#}
{% macro local_to_utc(local) -%}
    {%- set zone = var("rfm_time_zone") -%}
    {%- if zone == "UTC" -%} {{ local }}
    {%- else -%} timezone('UTC', timezone('{{ zone }}', {{ local }}))
    {%- endif -%}
{%- endmacro %}
