{{ config(materialized="view", enabled=offers_entity("payments")) }}

{%- set text = dbt.type_string() -%}

with

    as_of_dates as (select as_of_date from {{ ref("int_time__as_of_dates") }} where is_current),

    payments as (

        select judged.*
        from {{ ref("int_interactions__judged") }} as judged
        inner join as_of_dates on judged.interaction_date < as_of_dates.as_of_date
        where judged.interaction_type = 'payment' and judged.quarantine_reason is null

    ),

    chargebacks as (

        select
            customer_id,
            'chargeback' as reason,
            cast(count(*) as {{ text }})
            || case when count(*) = 1 then ' chargeback, on ' else ' chargebacks, the last on ' end
            || cast(max(interaction_date) as {{ text }}) as evidence
        from payments
        where topic = 'charged_back'
        group by customer_id

    ),

    {#- A payment that failed and was made good by another is none. -#}
    unpaid_orders as (

        select source_name, customer_id, reference_id as order_id
        from payments
        where reference_id is not null
        group by source_name, customer_id, reference_id
        having
            count(*) filter (where topic = 'failed') > 0
            and count(*) filter (where topic = 'paid') = 0

    ),

    unpaid as (

        select
            customer_id,
            'unpaid' as reason,
            cast(count(*) as {{ text }}) || case
                when count(*) = 1
                then ' order whose payment failed and never came: '
                else ' orders whose payment failed and never came, such as '
            end
            || min({{ byte_order("order_id") }}) as evidence
        from unpaid_orders
        group by customer_id

    )

select customer_id, reason, evidence
from chargebacks
union all
select customer_id, reason, evidence
from unpaid
