{#- A column of orders as UTC time, null where it cannot be read. A time with an offset is an instant; one
    without is read in `zone`, the reporting zone if none is given. `kind` is the kind of the column (column_kind); DuckDB asks each
    value instead. Formats other than ISO need DuckDB. -#}
{% macro parse_timestamp(column, kind, date_format="", zone=none) -%}
    {%- set zone = zone or var("rfm_time_zone") -%}
    {{ return(adapter.dispatch("parse_timestamp", "rfm")(column, kind, date_format, zone)) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(column, kind, date_format, zone) -%}
    {#- A cast of a number to a time is an error even where it is only tried. -#}
    {%- if kind == "number" -%} {%- set column = "cast(" ~ column ~ " as varchar)" -%} {%- endif -%}
    {%- set text = "trim(cast(" ~ column ~ " as varchar))" -%}
    {%- if "%z" in date_format or "%Z" in date_format -%}
        timezone('UTC', try_strptime({{ text }}, '{{ dbt.escape_single_quotes(date_format) }}'))
    {%- elif date_format -%}
        {{
            local_to_utc(
                "try_strptime(" ~ text ~ ", '" ~ dbt.escape_single_quotes(date_format) ~ "')",
                zone,
            )
        }}
    {%- else -%}
        case
            when typeof({{ column }}) = 'TIMESTAMP WITH TIME ZONE'
            then
                {# A typed date may be infinity. #}
                case
                    when isfinite(try_cast({{ column }} as timestamptz))
                    then timezone('UTC', try_cast({{ column }} as timestamptz))
                end
            when typeof({{ column }}) <> 'VARCHAR'
            then
                case
                    when isfinite(try_cast({{ column }} as timestamp))
                    then {{ local_to_utc("try_cast(" ~ column ~ " as timestamp)", zone) }}
                end
            {%- if zone == "UTC" %}
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
                then {{ local_to_utc("try_cast(" ~ text ~ " as timestamp)", zone) }}
            {%- endif %}
        end
    {%- endif -%}
{%- endmacro %}

{% macro postgres__parse_timestamp(column, kind, date_format, zone) -%}
    {%- set text = "trim(cast(" ~ column ~ " as text))" -%}
    {%- if kind == "instant" -%}
        case when isfinite({{ column }}) then timezone('UTC', {{ column }}) end
    {%- elif kind == "time" -%}
        case
            when isfinite({{ column }})
            then {{ local_to_utc("cast(" ~ column ~ " as timestamp)", zone) }}
        end
    {%- else -%}
        {#- A cast that fails would fail the build, so that a text is a time is made sure of before: its form,
            and that its month has that day. -#}
        case
            when {{ text }} !~ '{{ iso_time_pattern() }}'
            then null
            when
                cast(substring({{ text }} from '^[0-9]+-[0-9]+-([0-9]+)') as integer) > extract(
                    day
                    from
                        make_date(
                            cast(substring({{ text }} from '^([0-9]+)') as integer),
                            cast(substring({{ text }} from '^[0-9]+-([0-9]+)') as integer),
                            1
                        )
                        + interval '1 month - 1 day'
                )
            then null
            when {{ text }} ~ '{{ offset_pattern() }}'
            then timezone('UTC', cast({{ text }} as timestamptz))
            else {{ local_to_utc("cast(" ~ text ~ " as timestamp)", zone) }}
        end
    {%- endif -%}
{%- endmacro %}

{% macro spark__parse_timestamp(column, kind, date_format, zone) -%}
    {%- set text = "trim(cast(" ~ column ~ " as string))" -%}
    {%- if kind == "instant" -%} {{ column }}
    {%- elif kind == "time" -%} {{ local_to_utc("cast(" ~ column ~ " as timestamp)", zone) }}
    {%- else -%}
        case
            when not {{ text }} rlike '{{ iso_time_pattern() }}'
            then null
            when {{ text }} rlike '{{ offset_pattern() }}'
            then
                try_cast(
                    regexp_replace(
                        regexp_replace({{ text }}, ' ?(Z|UTC|GMT)$', 'Z'), ' ([+-][0-9:]+)$', '$1'
                    ) as timestamp
                )
            else {{ local_to_utc("try_cast(" ~ text ~ " as timestamp)", zone) }}
        end
    {%- endif -%}
{%- endmacro %}

{#- ISO 8601 as it is usually written: a date, with a time or not, with an offset or not. -#}
{% macro iso_time_pattern() -%}
    {%- set day = "(?!0000)[0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])" -%}
    {%- set time = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?" -%}
    {%- set offset = " ?(Z|UTC|GMT)| ?[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?" -%}
    {{ return("^" ~ day ~ "([ T]" ~ time ~ "(" ~ offset ~ ")?)?$") }}
{%- endmacro %}

{% macro offset_pattern() -%} {{ return("[0-9] ?(Z|UTC|GMT)$|:.*[+-][0-9:]+$") }} {%- endmacro %}
