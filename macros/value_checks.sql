{#- What is wrong with a value, for quarantine_reason: <word>_missing where it is required and blank,
    <word>_unreadable where something stands there that cannot be read. -#}
{% macro value_checks(column, parsed, word, required=true) -%}
    {%- set checks = [] -%}
    {%- if required -%}
        {%- do checks.append([is_blank(column), word ~ "_missing"]) -%}
    {%- endif -%}
    {%- do checks.append(
        ["(" ~ parsed ~ ") is null and not " ~ is_blank(column), word ~ "_unreadable"]
    ) -%}
    {{ return(checks) }}
{%- endmacro %}
