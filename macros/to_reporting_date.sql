{#- The calendar date of a UTC time in the reporting zone. -#}
{% macro to_reporting_date(column) -%}
    {%- if var("rfm_time_zone") == "UTC" -%} cast({{ column }} as date)
    {%- else -%} {{ return(adapter.dispatch("to_reporting_date", "rfm")(column)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__to_reporting_date(column) -%}
    cast({{ column }} at time zone 'UTC' at time zone '{{ var("rfm_time_zone") }}' as date)
{%- endmacro %}

{% macro spark__to_reporting_date(column) -%}
    cast(from_utc_timestamp({{ column }}, '{{ var("rfm_time_zone") }}') as date)
{%- endmacro %}
