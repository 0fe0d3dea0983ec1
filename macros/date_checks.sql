{#- What is wrong with a required date or time, for quarantine_reason: `column` as the system has it, `parsed` as
    we read it. -#}
{% macro date_checks(column, parsed) -%}
    {%- set checks = [
        [is_blank(column), "date_missing"],
        ["(" ~ parsed ~ ") is null", "date_unreadable"],
        [
            "cast("
            ~ parsed
            ~ " as date) < cast('"
            ~ var("rfm_earliest_order_date")
            ~ "' as date)",
            "date_too_early",
        ],
    ] -%}
    {%- if var("rfm_latest_order_date") -%}
        {%- do checks.append(
            [
                "cast("
                ~ parsed
                ~ " as date) > cast('"
                ~ var("rfm_latest_order_date")
                ~ "' as date)",
                "date_in_future",
            ]
        ) -%}
    {%- endif -%}
    {{ return(checks) }}
{%- endmacro %}
