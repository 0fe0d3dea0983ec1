with

    history as (

        select as_of_date, customer_id, first_order_date, rfm_segment, monetary_amount
        from {{ ref("customer_rfm_history") }}

    ),

    as_of_dates as (

        select as_of_date, previous_as_of_date
        from {{ ref("int_time__as_of_dates") }}
        where previous_as_of_date is not null

    ),

    after as (

        select as_of_dates.previous_as_of_date, history.*
        from history
        inner join as_of_dates on history.as_of_date = as_of_dates.as_of_date

    ),

    before as (

        select as_of_dates.as_of_date as next_as_of_date, history.*
        from history
        inner join as_of_dates on history.as_of_date = as_of_dates.previous_as_of_date

    ),

    {#- Without a row before, a customer is new; without one after, the window no longer holds an order. -#}
    moves as (

        select
            coalesce(before.as_of_date, after.previous_as_of_date) as from_as_of_date,
            coalesce(after.as_of_date, before.next_as_of_date) as to_as_of_date,
            case
                when before.rfm_segment is not null
                then before.rfm_segment
                when after.first_order_date < after.previous_as_of_date
                then 'No order in the window'
                else 'Not yet a customer'
            end as from_rfm_segment,
            coalesce(after.rfm_segment, 'No order in the window') as to_rfm_segment,
            before.monetary_amount as from_monetary_amount,
            after.monetary_amount as to_monetary_amount
        from before
        full outer join
            after
            on before.customer_id = after.customer_id
            and before.as_of_date = after.previous_as_of_date

    )

select
    from_as_of_date,
    to_as_of_date,
    cast(from_rfm_segment as {{ dbt.type_string() }}) as from_rfm_segment,
    cast(to_rfm_segment as {{ dbt.type_string() }}) as to_rfm_segment,
    cast(count(*) as {{ dbt.type_bigint() }}) as customer_count,
    cast(coalesce(sum(from_monetary_amount), 0) as {{ type_money() }}) as from_monetary_amount,
    cast(coalesce(sum(to_monetary_amount), 0) as {{ type_money() }}) as to_monetary_amount
from moves
group by from_as_of_date, to_as_of_date, from_rfm_segment, to_rfm_segment
