{{ config(enabled=offers_entity("order_lines")) }}

with

    lines as (select * from {{ ref("int_orders__lines_judged") }} where quarantine_reason is null),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    {% if offers_entity("products") %}
        {#- A product that two systems describe is the first one's. -#}
        numbered_products as (

            select
                product_id,
                product_name,
                product_line,
                row_number() over (
                    partition by product_id
                    order by {{ byte_order("source_name") }}, {{ byte_order("product_name") }}
                ) as position
            from
                (
                    {{
                        union_sources(
                            "products",
                            ["product_id", "product_name", "product_line", "quarantine_reason"],
                        )
                    }}
                ) as of_sources
            where quarantine_reason is null

        ),

        products as (select * from numbered_products where position = 1),
    {% endif %}

    known_lines as (

        select lines.*
        from lines
        inner join as_of_dates on lines.order_date < as_of_dates.as_of_date

    )

select
    known_lines.order_id,
    known_lines.source_name,
    known_lines.customer_id,
    known_lines.line_number,
    known_lines.order_date,
    known_lines.product_id,
    {% if offers_entity("products") -%} products.product_name, products.product_line,
    {%- else -%}
        cast(null as {{ dbt.type_string() }}) as product_name,
        cast(null as {{ dbt.type_string() }}) as product_line,
    {%- endif %}
    known_lines.currency,
    cast(known_lines.quantity as {{ dbt.type_int() }}) as quantity,
    known_lines.list_amount,
    known_lines.discount_amount,
    known_lines.amount,
    cast(known_lines.original_amount as {{ type_money() }}) as original_amount
from known_lines
{% if offers_entity("products") %}
    left join products on known_lines.product_id = products.product_id
{% endif %}
