{{ config(enabled=is_consolidating()) }}

with

    order_rows as (select * from {{ ref("int_orders__judged") }} where quarantine_reason is null),

    orders as (select * from {{ ref("int_orders__resolved") }}),

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    purchases as (

        select
            source_name,
            order_id as source_interaction_id,
            {# Customers or currencies may share the number of an order; each has an order of it. #}
            row_number() over (
                partition by source_name, order_id
                order by {{ byte_order("customer_id") }}, {{ byte_order("currency") }}
            ) as same_number,
            customer_id,
            ordered_at as occurred_at,
            order_date as interaction_date,
            'purchase' as interaction_type,
            channel,
            order_id as reference_id,
            gross_amount as amount
        from orders
        where not is_refund_only

    ),

    {#- What came back in one moment of one order is one return. -#}
    returns as (

        select
            order_rows.source_name,
            order_rows.order_id
            || '@'
            || cast(order_rows.ordered_at as {{ dbt.type_string() }}) as source_interaction_id,
            row_number() over (
                partition by order_rows.source_name, order_rows.order_id, order_rows.ordered_at
                order by {{ byte_order("order_rows.customer_id") }}
            ) as same_number,
            order_rows.customer_id,
            order_rows.ordered_at as occurred_at,
            order_rows.order_date as interaction_date,
            'return' as interaction_type,
            max(order_rows.channel) as channel,
            order_rows.order_id as reference_id,
            sum(order_rows.amount) as amount
        from order_rows
        inner join as_of_dates on order_rows.order_date < as_of_dates.as_of_date
        where order_rows.amount < 0 and order_rows.order_id is not null
        group by
            order_rows.source_name,
            order_rows.order_id,
            order_rows.customer_id,
            order_rows.ordered_at,
            order_rows.order_date

    ),

    unioned as (

        {% for part in ["purchases", "returns"] %}
            select
                source_name,
                case
                    when same_number = 1
                    then source_interaction_id
                    else
                        source_interaction_id || '#' || cast(same_number as {{ dbt.type_string() }})
                end as source_interaction_id,
                customer_id,
                occurred_at,
                interaction_date,
                interaction_type,
                channel,
                cast(null as {{ dbt.type_string() }}) as topic,
                reference_id,
                amount,
                cast(null as {{ dbt.type_int() }}) as score,
                cast(null as {{ dbt.type_int() }}) as score_max,
                cast(null as {{ dbt.type_int() }}) as handle_minutes,
                cast(null as {{ dbt.type_string() }}) as severity,
                cast(null as {{ dbt.type_timestamp() }}) as closed_at
            from {{ part }}
            {% if not loop.last or has_interactions() %}
                union all
            {% endif %}
        {% endfor %}
        {% if has_interactions() %}
            select
                interactions.source_name,
                interactions.interaction_id,
                interactions.customer_id,
                interactions.occurred_at,
                interactions.interaction_date,
                interactions.interaction_type,
                interactions.channel,
                interactions.topic,
                interactions.reference_id,
                interactions.amount,
                interactions.score,
                interactions.score_max,
                interactions.handle_minutes,
                interactions.severity,
                interactions.closed_at
            from {{ ref("int_interactions__judged") }} as interactions
            inner join as_of_dates on interactions.interaction_date < as_of_dates.as_of_date
            where interactions.quarantine_reason is null
        {% endif %}

    )

select
    unioned.source_name
    || ':'
    || unioned.interaction_type
    || ':'
    || unioned.source_interaction_id as interaction_id,
    unioned.source_name,
    unioned.customer_id,
    unioned.occurred_at,
    cast(unioned.interaction_date as date) as interaction_date,
    cast(unioned.interaction_type as {{ dbt.type_string() }}) as interaction_type,
    unioned.channel,
    unioned.topic,
    unioned.reference_id,
    cast(unioned.handle_minutes as {{ dbt.type_int() }}) as handle_minutes,
    cast(unioned.amount as {{ type_money() }}) as amount,
    cast(unioned.score as {{ dbt.type_int() }}) as score,
    cast(unioned.score_max as {{ dbt.type_int() }}) as score_max,
    unioned.severity,
    {# Closed on the as-of date or later is open on it. #}
    case
        when {{ to_reporting_date("unioned.closed_at") }} < as_of_dates.as_of_date
        then unioned.closed_at
    end as closed_at,
    unioned.interaction_type = 'complaint'
    and (
        unioned.closed_at is null
        or {{ to_reporting_date("unioned.closed_at") }} >= as_of_dates.as_of_date
    ) as is_open_complaint
from unioned
cross join as_of_dates
