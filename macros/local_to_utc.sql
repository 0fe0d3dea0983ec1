{#- A time of a zone, of the reporting zone if none is given, as UTC time. An hour that clocks skip is read as if they
    had not been set yet; of an hour that they repeat the second is meant, on every engine. -#}
{% macro local_to_utc(local, zone=none) -%}
    {%- set zone = zone or var("rfm_time_zone") -%}
    {%- if zone == "UTC" -%} {{ local }}
    {%- else -%} {{ return(adapter.dispatch("local_to_utc", "rfm")(local, zone)) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__local_to_utc(local, zone) -%}
    timezone('UTC', timezone('{{ zone }}', {{ local }}))
{%- endmacro %}

{#- Spark takes the first of two hours: an hour later it is the same local time again only there. -#}
{% macro spark__local_to_utc(local, zone) -%}
    case
        when
            from_utc_timestamp(
                to_utc_timestamp({{ local }}, '{{ zone }}') + interval 1 hour, '{{ zone }}'
            )
            = {{ local }}
        then to_utc_timestamp({{ local }}, '{{ zone }}') + interval 1 hour
        else to_utc_timestamp({{ local }}, '{{ zone }}')
    end
{%- endmacro %}
