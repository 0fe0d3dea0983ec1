{#- With orders alone nothing is left to judge: each row is its customer's, in the one currency. -#}
{{ config(materialized="table" if is_consolidating() else "view") }}

{% if not is_consolidating() %}

    select *, source_customer_id as customer_id, amount as original_amount
    from {{ ref("int_orders__unioned") }}

{% else %}

    with

        order_rows as (select * from {{ ref("int_orders__unioned") }}),

        as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

        {#- What a refund takes from its order. -#}
        numbered_orders as (

            select
                source_name,
                order_id,
                min({{ byte_order("source_customer_id") }}) filter (
                    where quarantine_reason is null
                ) as source_customer_id,
                min({{ byte_order("currency") }}) as currency,
                bool_or(
                    quarantine_reason = 'customer_erased' and order_date is not null
                ) as is_erased
            from order_rows
            where entity = 'orders' and order_id is not null
            group by source_name, order_id

        ),

        completed as (

            select
                order_rows.entity,
                order_rows.source_name,
                order_rows.source_row_number,
                order_rows.source_path,
                case
                    when order_rows.entity = 'refunds'
                    then numbered_orders.source_customer_id
                    else order_rows.source_customer_id
                end as source_customer_id,
                order_rows.order_id,
                order_rows.ordered_at,
                order_rows.order_date,
                order_rows.amount,
                coalesce(order_rows.currency, numbered_orders.currency) as currency,
                order_rows.channel,
                order_rows.same_sale_source,
                order_rows.same_sale_order_id,
                {{ "order_rows.restock_cost_amount," if offers_entity("refunds") }}
                order_rows.ordered_at_text,
                order_rows.amount_text,
                coalesce(
                    case
                        when order_rows.entity = 'refunds'
                        then numbered_orders.is_erased
                        else order_rows.quarantine_reason = 'customer_erased'
                    end,
                    false
                ) as is_staged_erased,
                case
                    {# It could be used but for that: staging leaves the day of such rows only. #}
                    when
                        order_rows.quarantine_reason = 'customer_erased'
                        and order_rows.order_date is not null
                    then null
                    when order_rows.quarantine_reason is not null
                    then order_rows.quarantine_reason
                    when order_rows.entity = 'refunds' and numbered_orders.order_id is null
                    then 'order_unknown'
                end as quarantine_reason
            from order_rows
            left join
                numbered_orders
                on order_rows.entity = 'refunds'
                and order_rows.source_name = numbered_orders.source_name
                and order_rows.order_id = numbered_orders.order_id

        ),

        {% if offers_entity("customers") %}
            records as (select * from {{ ref("int_customers__of_records") }}),
        {% endif %}

        {% if var("rfm_currency") %} rates as (select * from {{ ref("int_money__rates") }}),
        {% endif %}

        erased_records as ({{ erased_records() }}),

        salts as ({{ erasure_salts() }}),

        keyed as (

            select
                completed.*,
                {{
                    record_tombstone(
                        "completed.source_name", "completed.source_customer_id", "salts.salt"
                    )
                }} as record_tombstone
            from completed
            cross join salts

        ),

        owned as (

            select
                keyed.*,
                keyed.is_staged_erased or erased_records.tombstone is not null as is_erased,
                {% if offers_entity("customers") -%} records.customer_id
                {%- else -%} keyed.source_customer_id as customer_id
                {%- endif %},
                {{ reporting_rate("keyed.currency") }} as rate,
                {{ "rates.is_known_currency" if var("rfm_currency") else "true" }}
                as is_known_currency
            from keyed
            left join erased_records on keyed.record_tombstone = erased_records.tombstone
            {% if offers_entity("customers") %}
                left join
                    records
                    on keyed.source_name = records.source_name
                    and keyed.source_customer_id = records.source_record_id
            {% endif %}
            {% if var("rfm_currency") %}
                left join
                    rates on keyed.currency = rates.currency and keyed.order_date = rates.rate_date
            {% endif %}

        ),

        judged_alone as (

            select
                owned.*,
                case
                    when owned.customer_id is null and owned.order_date < as_of_dates.as_of_date
                    then 'customer_unknown'
                    when owned.rate is null and not owned.is_known_currency
                    then 'currency_unknown'
                    when owned.rate is null
                    then 'rate_missing'
                end as own_reason
            from owned
            left join as_of_dates on 1 = 1

        ),

        {#- Sales that count, or did until their customer was erased: what is told of them elsewhere does not count
            again, and without them a refund takes nothing back. -#}
        counted_orders as (

            select
                source_name,
                order_id,
                bool_or(not is_erased) as is_usable,
                min({{ byte_order("customer_id") }}) filter (where not is_erased) as customer_id,
                max({{ byte_order("customer_id") }}) filter (
                    where not is_erased
                ) as other_customer_id,
                min({{ byte_order("same_sale_source") }}) as same_sale_source,
                min({{ byte_order("same_sale_order_id") }}) as same_sale_order_id
            from judged_alone
            where
                entity = 'orders'
                and order_id is not null
                and quarantine_reason is null
                and (own_reason is null or is_erased)
            group by source_name, order_id

        ),

        judged as (

            select
                judged_alone.*,
                case
                    when judged_alone.entity = 'refunds'
                    then refunded.customer_id
                    else judged_alone.customer_id
                end as owner_id,
                case
                    when judged_alone.is_erased
                    then 'customer_erased'
                    when judged_alone.quarantine_reason is not null
                    then judged_alone.quarantine_reason
                    when judged_alone.entity = 'refunds' and not coalesce(refunded.is_usable, false)
                    then 'order_left_out'
                    when refunded.customer_id <> refunded.other_customer_id
                    then 'order_of_several_customers'
                    when same_sales.order_id is not null
                    then 'same_sale_elsewhere'
                    else judged_alone.own_reason
                end as reason
            from judged_alone
            left join
                counted_orders as refunded
                on judged_alone.entity = 'refunds'
                and judged_alone.source_name = refunded.source_name
                and judged_alone.order_id = refunded.order_id
            left join
                counted_orders as same_sales
                on judged_alone.entity = 'orders'
                and judged_alone.same_sale_source = same_sales.source_name
                and judged_alone.same_sale_order_id = same_sales.order_id
                {# Of two that name each other the first source's counts; one that names itself counts. #}
                and not (
                    coalesce(same_sales.same_sale_source = judged_alone.source_name, false)
                    and coalesce(same_sales.same_sale_order_id = judged_alone.order_id, false)
                    and {{ byte_order("judged_alone.source_name") }}
                    <= {{ byte_order("same_sales.source_name") }}
                )

        )

    select
        source_name,
        entity,
        source_row_number,
        source_path,
        {# Of erased people only money, day and the number of the row are told (macro without_erased). #}
        case when not is_erased then source_customer_id end as source_customer_id,
        case when not is_erased then order_id end as order_id,
        case when not is_erased then ordered_at end as ordered_at,
        case when not is_erased or quarantine_reason is null then order_date end as order_date,
        case
            when reason is null then cast(round(amount * rate, 2) as {{ type_money() }}) else amount
        end as amount,
        coalesce(currency, nullif('{{ var("rfm_currency") }}', '')) as currency,
        channel,
        same_sale_source,
        case when not is_erased then same_sale_order_id end as same_sale_order_id,
        reason as quarantine_reason,
        case
            when reason is not null and not is_erased
            then coalesce(ordered_at_text, cast(ordered_at as {{ dbt.type_string() }}))
        end as ordered_at_text,
        case
            when reason is not null and not is_erased
            then coalesce(amount_text, cast(amount as {{ dbt.type_string() }}))
        end as amount_text,
        case when not is_erased then owner_id end as customer_id,
        amount as original_amount
        {{ ", restock_cost_amount" if offers_entity("refunds") }}
    from judged

{% endif %}
