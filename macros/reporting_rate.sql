{#- What one unit of a currency is worth in the reporting currency; a row without a currency is in that one. Null
    where int_money__rates, joined as `rates`, has no rate. -#}
{% macro reporting_rate(currency) -%}
    {%- if var("rfm_currency") -%}
        case
            when coalesce({{ currency }}, '{{ var("rfm_currency") }}') = '{{ var("rfm_currency") }}'
            then 1
            else rates.rate
        end
    {%- else -%} 1
    {%- endif -%}
{%- endmacro %}
