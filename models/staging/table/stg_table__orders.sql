{% if var("rfm_table_name") %}
    {%- set order_table = source("table", "orders") %}
    {%- set kinds = column_kinds(order_table) %}

    {{
        stage_orders(
            order_table,
            {
                "customer_id": table_column("rfm_table_customer_id", kinds),
                "ordered_at": table_column("rfm_table_ordered_at", kinds),
                "amount": table_column("rfm_table_amount", kinds),
                "order_id": (
                    table_column("rfm_table_order_id", kinds)
                    if var("rfm_table_order_id")
                    else "null"
                ),
                "row_number": "null",
                "path": "null",
            },
            {
                "ordered_at": kinds.get(var("rfm_table_ordered_at")),
                "amount": kinds.get(var("rfm_table_amount")),
            },
        )
    }}
{% else %} {{ no_orders() }}
{% endif %}
