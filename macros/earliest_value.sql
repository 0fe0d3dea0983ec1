{#- The value of the earliest row; rows of one moment are told apart by a unique column, never by luck. -#}
{% macro earliest_value(value, moment, unique_column, condition) -%}
    {{ return(adapter.dispatch("earliest_value", "rfm")(value, moment, unique_column, condition)) }}
{%- endmacro %}

{% macro default__earliest_value(value, moment, unique_column, condition) -%}
    (array_agg({{ value }} order by {{ moment }}, {{ unique_column }}) filter (where {{ condition }}))[1]
{%- endmacro %}

{% macro duckdb__earliest_value(value, moment, unique_column, condition) -%}
    min_by({{ value }}, ({{ moment }}, {{ unique_column }})) filter (where {{ condition }})
{%- endmacro %}

{% macro spark__earliest_value(value, moment, unique_column, condition) -%}
    min_by({{ value }}, struct({{ moment }}, {{ unique_column }})) filter (where {{ condition }})
{%- endmacro %}
