{#- A CSV is parsed once; Parquet is cheap to read again. -#}
{{
    config(
        materialized=(
            "table" if var("rfm_file_path") and var("rfm_file_format") == "csv" else "view"
        )
    )
}}

{% if var("rfm_file_path") %}
    {{
        stage_orders(
            file_orders(),
            {
                "customer_id": quote_column(var("rfm_file_customer_id")),
                "ordered_at": quote_column(var("rfm_file_ordered_at")),
                "amount": quote_column(var("rfm_file_amount")),
                "order_id": (
                    quote_column(var("rfm_file_order_id")) if var("rfm_file_order_id") else "null"
                ),
                "row_number": "source_row_number",
                "path": "source_path",
            },
            {},
            var("rfm_file_date_format"),
            var("rfm_file_decimal_mark"),
        )
    }}
{% else %} {{ no_orders() }}
{% endif %}
