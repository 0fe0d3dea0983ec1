{#- The columns of int_profit__movements beside customer, source and day: money first, then counts, each with its type. -#}
{% macro movement_columns() -%}
    {%- set columns = {} -%}
    {%- for name in ["gross_sales", "discount", "refund", "net_sales", "estimated_goods_cost"] -%}
        {%- do columns.update({name ~ "_amount": type_money()}) -%}
    {%- endfor -%}
    {%- for line in cost_lines() -%}
        {%- for part in line.parts -%}
            {%- do columns.update({part ~ "_amount": type_money()}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for line in cost_lines() if line.missing -%}
        {%- do columns.update({line.missing: dbt.type_int()}) -%}
    {%- endfor -%}
    {%- for name in [
        "order_count",
        "order_line_count",
        "refund_count",
        "contact_count",
        "contact_minutes",
        "late_payment_count",
        "message_count",
    ] -%}
        {%- do columns.update({name: dbt.type_int()}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}
