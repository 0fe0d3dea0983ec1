with

    rows_left_out as (

        select
            source_name,
            entity,
            source_row_number,
            source_path,
            quarantine_reason,
            source_customer_id,
            ordered_at_text,
            amount_text,
            currency,
            original_amount as amount,
            order_id,
            cast(null as {{ dbt.type_string() }}) as row_key
        from {{ ref("int_orders__judged") }}
        where quarantine_reason is not null
        {% for selection in quarantined_selections() if is_consolidating() %}
            union all
            select
                source_name,
                {{ selection.entity }},
                cast(null as {{ dbt.type_bigint() }}),
                cast(null as {{ dbt.type_string() }}),
                quarantine_reason,
                cast({{ selection.customer }} as {{ dbt.type_string() }}),
                cast(null as {{ dbt.type_string() }}),
                cast(null as {{ dbt.type_string() }}),
                cast(null as {{ dbt.type_string() }}),
                cast(null as {{ type_money() }}),
                cast({{ selection.order }} as {{ dbt.type_string() }}),
                cast({{ selection.key }} as {{ dbt.type_string() }})
            from {{ selection.rows }} as of_{{ loop.index }}
            where quarantine_reason is not null
        {% endfor %}

    ),

    {#- The rows of a table have no numbers: they get one by what is in them, so that row order decides nothing. -#}
    numbered as (

        select
            *,
            row_number() over (
                partition by source_name, entity
                order by
                    quarantine_reason,
                    {{ byte_order("source_customer_id") }} nulls first,
                    {{ byte_order("ordered_at_text") }} nulls first,
                    {{ byte_order("amount_text") }} nulls first,
                    {{ byte_order("currency") }} nulls first,
                    {{ byte_order("order_id") }} nulls first,
                    {{ byte_order("row_key") }} nulls first
            ) as value_number
        from rows_left_out

    )

select
    source_name,
    cast(entity as {{ dbt.type_string() }}) as entity,
    coalesce(source_row_number, cast(value_number as {{ dbt.type_bigint() }})) as row_number,
    cast(quarantine_reason as {{ dbt.type_string() }}) as quarantine_reason,
    source_customer_id as customer_id_text,
    ordered_at_text,
    amount_text,
    currency as currency_text,
    order_id as order_id_text,
    row_key as row_key_text,
    source_path,
    amount
from numbered
