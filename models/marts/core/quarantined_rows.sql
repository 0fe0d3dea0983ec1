with

    {# Every part names its columns: Spark cannot union one value twice without names. #}
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
                {{ selection.entity }} as entity,
                cast(null as {{ dbt.type_bigint() }}) as source_row_number,
                cast(null as {{ dbt.type_string() }}) as source_path,
                quarantine_reason,
                cast({{ selection.customer }} as {{ dbt.type_string() }}) as source_customer_id,
                cast(null as {{ dbt.type_string() }}) as ordered_at_text,
                cast(null as {{ dbt.type_string() }}) as amount_text,
                cast(null as {{ dbt.type_string() }}) as currency,
                cast(null as {{ type_money() }}) as amount,
                cast({{ selection.order }} as {{ dbt.type_string() }}) as order_id,
                cast({{ selection.key }} as {{ dbt.type_string() }}) as row_key
            from {{ selection.rows }} as of_{{ loop.index }}
            where quarantine_reason is not null
        {% endfor %}

    ),

    {% if is_consolidating() %}
        erased_records as ({{ erased_records() }}),

        salts as ({{ erasure_salts() }}),

        keyed as (

            select
                rows_left_out.*,
                {{
                    record_tombstone(
                        "rows_left_out.source_name",
                        "rows_left_out.source_customer_id",
                        "salts.salt",
                    )
                }} as record_tombstone
            from rows_left_out
            cross join salts

        ),

        {#- Rows of erased people that could not be used in the first place, told without saying whose they are. -#}
        told as (

            select
                keyed.source_name,
                keyed.entity,
                keyed.source_row_number,
                keyed.source_path,
                keyed.quarantine_reason,
                keyed.currency,
                keyed.amount,
                {%- for column in [
                    "source_customer_id",
                    "ordered_at_text",
                    "amount_text",
                    "order_id",
                    "row_key",
                ] %}
                    case
                        when erased_records.tombstone is null then keyed.{{ column }}
                    end as {{ column }} {{ "," if not loop.last }}
                {%- endfor %}
            from keyed
            left join erased_records on keyed.record_tombstone = erased_records.tombstone

        ),
    {% else %} told as (select * from rows_left_out),
    {% endif %}

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
        from told

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
