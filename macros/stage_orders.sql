{#- Rows of orders in the columns of staging, each with the reason why it cannot be used, if any.
    `order_rows` is a relation or a query in brackets, `columns` the SQL of its customer_id, ordered_at,
    amount, order_id, row_number and path, `kinds` the kinds of the columns of date and amount (column_kind). -#}
{% macro stage_orders(order_rows, columns, kinds, date_format="", decimal_mark=".") -%}
    with

        order_rows as (select * from {{ order_rows }}),

        parsed as (

            select
                {{ columns.row_number }} as source_row_number,
                {{ columns.path }} as source_path,
                nullif(
                    trim(cast({{ columns.customer_id }} as {{ dbt.type_string() }})), ''
                ) as source_customer_id,
                nullif(
                    trim(cast({{ columns.order_id }} as {{ dbt.type_string() }})), ''
                ) as order_id,
                {{ parse_timestamp(columns.ordered_at, kinds.ordered_at, date_format) }}
                as ordered_at,
                {{ parse_amount(columns.amount, kinds.amount, decimal_mark) }} as amount,
                {{ columns.ordered_at }} as raw_ordered_at,
                {{ columns.amount }} as raw_amount
            from order_rows

        ),

        dated as (select *, {{ to_reporting_date("ordered_at") }} as order_date from parsed),

        judged as (

            select
                *,
                case
                    when source_customer_id is null
                    then 'customer_missing'
                    when ordered_at is null
                    then
                        case
                            when {{ is_blank("raw_ordered_at") }}
                            then 'date_missing'
                            else 'date_unreadable'
                        end
                    when order_date < cast('{{ var("rfm_earliest_order_date") }}' as date)
                    then 'date_too_early'
                    {% if var("rfm_latest_order_date") %}
                        when order_date > cast('{{ var("rfm_latest_order_date") }}' as date)
                        then 'date_in_future'
                    {% endif %}
                    when amount is null
                    then
                        case
                            when {{ is_blank("raw_amount") }}
                            then 'amount_missing'
                            else 'amount_unreadable'
                        end
                end as quarantine_reason
            from dated

        )

    select
        cast(source_row_number as {{ dbt.type_bigint() }}) as source_row_number,
        cast(source_path as {{ dbt.type_string() }}) as source_path,
        source_customer_id,
        order_id,
        ordered_at,
        order_date,
        amount,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as same_sale_source,
        cast(null as {{ dbt.type_string() }}) as same_sale_order_id,
        quarantine_reason,
        case
            when quarantine_reason is not null then cast(raw_ordered_at as {{ dbt.type_string() }})
        end as ordered_at_text,
        case
            when quarantine_reason is not null then cast(raw_amount as {{ dbt.type_string() }})
        end as amount_text
    from judged
{%- endmacro %}

{#- The columns of stage_orders without a row: the source is not set up. -#}
{% macro no_orders() -%}
    select
        cast(null as {{ dbt.type_bigint() }}) as source_row_number,
        cast(null as {{ dbt.type_string() }}) as source_path,
        cast(null as {{ dbt.type_string() }}) as source_customer_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_timestamp() }}) as ordered_at,
        cast(null as date) as order_date,
        cast(null as {{ type_money() }}) as amount,
        cast(null as {{ dbt.type_string() }}) as currency,
        cast(null as {{ dbt.type_string() }}) as channel,
        cast(null as {{ dbt.type_string() }}) as same_sale_source,
        cast(null as {{ dbt.type_string() }}) as same_sale_order_id,
        cast(null as {{ dbt.type_string() }}) as quarantine_reason,
        cast(null as {{ dbt.type_string() }}) as ordered_at_text,
        cast(null as {{ dbt.type_string() }}) as amount_text
    where 1 = 0
{%- endmacro %}
