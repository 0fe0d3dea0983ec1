{#- Rows of orders in the columns of staging, each with the reason why it cannot be used, if any;
    erased people are not named (without_erased).
    `order_rows` is a relation or a query in brackets, `columns` the SQL of its customer_id, ordered_at,
    amount, order_id, row_number and path, `kinds` the kinds of the columns of date and amount (column_kind).
    A system may add to `columns` its currency, channel, same_sale_source and same_sale_order_id, and the SQL that reads
    its own form of time or money (parsed_at, parsed_amount); to `checks` what else keeps a row from being used; and
    `has_keys`, when every sale has one row and a number of its own (see stage_entity). -#}
{% macro stage_orders(
    order_rows,
    columns,
    kinds,
    date_format="",
    decimal_mark=".",
    zone=none,
    checks=[],
    has_keys=false
) -%}
    {%- set text = dbt.type_string() -%}
    {%- set ordered_at = columns.get("parsed_at") or parse_timestamp(
        columns.ordered_at, kinds.ordered_at, date_format, zone
    ) -%}
    {%- set amount = columns.get("parsed_amount") or parse_amount(
        columns.amount, kinds.amount, decimal_mark
    ) -%}
    {%- call without_erased("orders") %}
        with

            order_rows as (select * from {{ order_rows }} as given_rows),

            parsed as (

                select
                    {% if has_keys %} distinct {% endif %}
                    {{ columns.row_number }} as source_row_number,
                    {{ columns.path }} as source_path,
                    {{ clean_text(columns.customer_id) }} as source_customer_id,
                    {{ clean_text(columns.order_id) }} as order_id,
                    {{ ordered_at }} as ordered_at,
                    {{ amount }} as amount,
                    {{ columns.get("currency", "null") }} as currency,
                    {{ columns.get("channel", "null") }} as channel,
                    {{ columns.get("same_sale_source", "null") }} as same_sale_source,
                    {{ columns.get("same_sale_order_id", "null") }} as same_sale_order_id,
                    {{ columns.ordered_at }} as raw_ordered_at,
                    {{ columns.amount }} as raw_amount,
                    cast({{ first_reason(checks) }} as {{ text }}) as found_reason
                from order_rows

            ),

            dated as (
                select
                    *,
                    {{ to_reporting_date("ordered_at") }} as order_date
                    {%- if has_keys -%}
                        , count(*) over (partition by order_id) as order_id_count
                    {%- endif %}
                from parsed
            ),

            judged as (

                select
                    *,
                    case
                        {% if has_keys %}
                            when order_id is null
                            then 'key_missing'
                            when order_id_count > 1
                            then 'key_duplicate'
                        {% endif %}
                        when found_reason is not null
                        then found_reason
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
            cast(source_path as {{ text }}) as source_path,
            source_customer_id,
            order_id,
            ordered_at,
            order_date,
            amount,
            cast(currency as {{ text }}) as currency,
            cast(channel as {{ text }}) as channel,
            cast(same_sale_source as {{ text }}) as same_sale_source,
            cast(same_sale_order_id as {{ text }}) as same_sale_order_id,
            quarantine_reason,
            case
                when quarantine_reason is not null then cast(raw_ordered_at as {{ text }})
            end as ordered_at_text,
            case
                when quarantine_reason is not null then cast(raw_amount as {{ text }})
            end as amount_text
        from judged
    {%- endcall %}
{%- endmacro %}

{#- The columns of stage_orders without a row: the source is not set up. -#}
{% macro no_orders() -%}
    {%- set text = dbt.type_string() -%}
    select
        cast(null as {{ dbt.type_bigint() }}) as source_row_number,
        cast(null as {{ text }}) as source_path,
        cast(null as {{ text }}) as source_customer_id,
        cast(null as {{ text }}) as order_id,
        cast(null as {{ dbt.type_timestamp() }}) as ordered_at,
        cast(null as date) as order_date,
        cast(null as {{ type_money() }}) as amount,
        cast(null as {{ text }}) as currency,
        cast(null as {{ text }}) as channel,
        cast(null as {{ text }}) as same_sale_source,
        cast(null as {{ text }}) as same_sale_order_id,
        cast(null as {{ text }}) as quarantine_reason,
        cast(null as {{ text }}) as ordered_at_text,
        cast(null as {{ text }}) as amount_text
    where 1 = 0
{%- endmacro %}
