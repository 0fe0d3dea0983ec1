{#- The rows of a relation that name an order, with the currency of that order: only it knows. Orders that share a
    number and differ in currency say nothing for sure. -#}
{% macro with_order_currency(relation, orders) -%}
    (
        select told_rows.*, known_orders.order_currency, known_orders.is_known_order
        from {{ relation }} as told_rows
        left join
            (
                select
                    trim(order_no) as known_order_no,
                    1 as is_known_order,
                    case
                        when
                            min({{ clean_currency("currency") }})
                            = max({{ clean_currency("currency") }})
                        then min({{ clean_currency("currency") }})
                    end as order_currency
                from {{ orders }}
                group by trim(order_no)
            ) as known_orders
            on trim(told_rows.order_no) = known_orders.known_order_no
    )
{%- endmacro %}
