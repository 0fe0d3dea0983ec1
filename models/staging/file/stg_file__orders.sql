{#- A CSV is parsed once; Parquet is cheap to read again. -#}
{{
    config(
        materialized=(
            "table" if var("rfm_file_path") and var("rfm_file_format") == "csv" else "view"
        )
    )
}}

{% if var("rfm_file_path") %}
    {%- set customer_id = quote_column(var("rfm_file_customer_id")) %}
    {%- set ordered_at = quote_column(var("rfm_file_ordered_at")) %}
    {%- set amount = quote_column(var("rfm_file_amount")) %}
    {%- set order_id = (
        quote_column(var("rfm_file_order_id")) if var("rfm_file_order_id") else "null"
    ) %}

    with

        file_rows as (select * from {{ file_orders() }}),

        parsed as (

            select
                source_row_number,
                nullif(
                    trim(cast({{ customer_id }} as {{ dbt.type_string() }})), ''
                ) as source_customer_id,
                nullif(trim(cast({{ order_id }} as {{ dbt.type_string() }})), '') as order_id,
                {{ parse_timestamp(ordered_at, var("rfm_file_date_format")) }} as ordered_at,
                {{ parse_amount(amount, var("rfm_file_decimal_mark")) }} as amount,
                {{ ordered_at }} as raw_ordered_at,
                {{ amount }} as raw_amount
            from file_rows

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
        source_customer_id,
        order_id,
        ordered_at,
        order_date,
        amount,
        quarantine_reason,
        case
            when quarantine_reason is not null then cast(raw_ordered_at as {{ dbt.type_string() }})
        end as ordered_at_text,
        case
            when quarantine_reason is not null then cast(raw_amount as {{ dbt.type_string() }})
        end as amount_text
    from judged
{% else %}
    select
        cast(null as {{ dbt.type_bigint() }}) as source_row_number,
        cast(null as {{ dbt.type_string() }}) as source_customer_id,
        cast(null as {{ dbt.type_string() }}) as order_id,
        cast(null as {{ dbt.type_timestamp() }}) as ordered_at,
        cast(null as date) as order_date,
        cast(null as {{ type_money() }}) as amount,
        cast(null as {{ dbt.type_string() }}) as quarantine_reason,
        cast(null as {{ dbt.type_string() }}) as ordered_at_text,
        cast(null as {{ dbt.type_string() }}) as amount_text
    where 1 = 0
{% endif %}
