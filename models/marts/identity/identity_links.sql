{{ config(enabled=offers_entity("customers")) }}

with

    links as (select * from {{ ref("int_identity__links") }}),

    customer_ids as (select * from {{ ref("int_identity__customer_ids") }})

select
    links.left_record_id,
    links.right_record_id,
    {#- Null where the two are two customers, in spite of a link. -#}
    case
        when left_ids.customer_id = right_ids.customer_id then left_ids.customer_id
    end as customer_id,
    links.link_method,
    links.link_rule,
    links.evidence,
    links.strength,
    links.veto_reason
from links
inner join customer_ids as left_ids on links.left_record_id = left_ids.record_id
inner join customer_ids as right_ids on links.right_record_id = right_ids.record_id
