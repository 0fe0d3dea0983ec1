{#- A time of the reporting zone as UTC time. -#}
{% macro local_to_utc(local) -%}
    {%- if var("rfm_time_zone") == "UTC" -%} {{ local }}
    {%- else -%} {{ return(adapter.dispatch("local_to_utc", "rfm")(local)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__local_to_utc(local) -%}
    timezone('UTC', timezone('{{ var("rfm_time_zone") }}', {{ local }}))
{%- endmacro %}

{% macro spark__local_to_utc(local) -%}
    to_utc_timestamp({{ local }}, '{{ var("rfm_time_zone") }}')
{%- endmacro %}
