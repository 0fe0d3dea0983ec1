{#- Milliseconds since 1970 as a UTC time, null where they are none or beyond the years 1 to 9999. -#}
{% macro parse_epoch_ms(column) -%}
    {%- set number = parse_integer(column, digits=15) -%}
    case
        when {{ number }} between -62135596800000 and 253402300799999
        then {{ adapter.dispatch("epoch_ms_to_timestamp", "rfm")(number) }}
    end
{%- endmacro %}

{% macro default__epoch_ms_to_timestamp(number) -%}
    timestamp '1970-01-01 00:00:00' + ({{ number }}) * interval '1 millisecond'
{%- endmacro %}

{% macro duckdb__epoch_ms_to_timestamp(number) -%} make_timestamp_ms({{ number }}) {%- endmacro %}

{% macro spark__epoch_ms_to_timestamp(number) -%} timestamp_millis({{ number }}) {%- endmacro %}
