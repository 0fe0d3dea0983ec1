{#- The entities whose amounts are counted in the reporting currency, each with the SQL of its day. -#}
{% macro money_entities() -%}
    {{
        return(
            [
                ("orders", "order_date"),
                ("refunds", "refund_date"),
                (
                    "payments",
                    to_reporting_date(
                        "coalesce(paid_at, "
                        ~ local_to_utc("cast(due_date as " ~ dbt.type_timestamp() ~ ")")
                        ~ ")"
                    ),
                ),
                ("interactions", to_reporting_date("occurred_at")),
                ("product_costs", "valid_from_date"),
                ("activity_costs", "valid_from_date"),
                ("marketing_costs", "cost_date"),
            ]
        )
    }}
{%- endmacro %}
