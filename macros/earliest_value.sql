{#- The value of the earliest row that meets the condition; of several at one moment the smallest, so that
    row order decides nothing. -#}
{% macro earliest_value(value, moment, condition) -%}
    {{ return(adapter.dispatch("earliest_value", "rfm")(value, moment, condition)) }}
{%- endmacro %}

{% macro default__earliest_value(value, moment, condition) -%}
    (array_agg({{ value }} order by {{ moment }}, {{ value }}) filter (where {{ condition }}))[1]
{%- endmacro %}

{#- One number holds moment and value: comparing structs costs as much again as the whole aggregation. -#}
{% macro duckdb__earliest_value(value, moment, condition) -%}
    min_by(
        {{ value }},
        cast(epoch_us({{ moment }}) as hugeint) * 1000000000000000000
        + cast(100 * cast({{ value }} as decimal(19, 2)) as hugeint)
    ) filter (where {{ condition }})
{%- endmacro %}

{% macro spark__earliest_value(value, moment, condition) -%}
    min_by({{ value }}, struct({{ moment }}, {{ value }})) filter (where {{ condition }})
{%- endmacro %}
