{{ config(enabled=offers_entity("customers")) }}

with

    records as (select * from {{ ref("int_identity__records") }}),

    rule_links as (select * from {{ ref("int_identity__rule_links") }}),

    fitted_links as (select * from {{ ref("fitted_identity_links") }}),

    runs as (select * from {{ ref("fitted_runs") }} where topic = 'identity' and is_accepted),

    decisions as (select * from {{ ref("int_identity__decisions") }}),

    past as ({{ past_assignments() }}),

    last_assigned as ({{ latest_assignments("past") }}),

    newest_runs as (

        select
            run_id,
            row_number() over (order by run_number desc, {{ byte_order("run_id") }}) as newest
        from runs

    ),

    {#- Pairs that an earlier run of learning was sure of. -#}
    believed as (

        select distinct fitted_links.left_record_id, fitted_links.right_record_id
        from fitted_links
        inner join
            newest_runs on fitted_links.run_id = newest_runs.run_id and newest_runs.newest > 1
        where fitted_links.match_probability >= {{ var("rfm_identity_link_probability") }}

    ),

    {#- Whom such a link made one customer stays so at a lower probability: learning anew moves probabilities a
        little, and nobody should move with them. The same run says the same, however often it is built. -#}
    learned as (

        select
            fitted_links.left_record_id,
            fitted_links.right_record_id,
            fitted_links.evidence,
            fitted_links.match_probability
        from fitted_links
        inner join
            newest_runs on fitted_links.run_id = newest_runs.run_id and newest_runs.newest = 1
        left join
            believed
            on fitted_links.left_record_id = believed.left_record_id
            and fitted_links.right_record_id = believed.right_record_id
        left join
            last_assigned as left_assigned on believed.left_record_id = left_assigned.record_id
        left join
            last_assigned as right_assigned on believed.right_record_id = right_assigned.record_id
        where
            fitted_links.match_probability >= {{ var("rfm_identity_link_probability") }}
            or (
                left_assigned.customer_id = right_assigned.customer_id
                and fitted_links.match_probability >= {{ var("rfm_identity_keep_probability") }}
            )

    ),

    candidates as (

        select
            left_record_id,
            right_record_id,
            cast('rule' as {{ dbt.type_string() }}) as link_method,
            link_rule,
            evidence,
            cast(strength as {{ type_double() }}) as strength,
            2 as method_order
        from rule_links
        union all
        select
            left_record_id,
            right_record_id,
            cast('learned' as {{ dbt.type_string() }}) as link_method,
            cast('match_probability' as {{ dbt.type_string() }}) as link_rule,
            evidence,
            cast(100 * match_probability as {{ type_double() }}) as strength,
            3 as method_order
        from learned
        union all
        select
            left_record_id,
            right_record_id,
            cast('forced' as {{ dbt.type_string() }}) as link_method,
            cast('force_link' as {{ dbt.type_string() }}) as link_rule,
            reason as evidence,
            cast(100 as {{ type_double() }}) as strength,
            1 as method_order
        from decisions
        where decision_type = 'force_link'

    ),

    best_of_pairs as (

        select
            *,
            row_number() over (
                partition by left_record_id, right_record_id
                order by
                    case when method_order = 1 then 0 else 1 end,
                    strength desc,
                    method_order,
                    {{ byte_order("link_rule") }},
                    {{ byte_order("evidence") }}
            ) as pair_rank
        from candidates

    )

select
    best_of_pairs.left_record_id,
    best_of_pairs.right_record_id,
    best_of_pairs.link_method,
    best_of_pairs.link_rule,
    best_of_pairs.evidence,
    best_of_pairs.strength,
    cast(
        {{ veto_reason("left_records", "right_records", "decisions.decision_type") }}
        as {{ dbt.type_string() }}
    ) as veto_reason
from best_of_pairs
inner join records as left_records on best_of_pairs.left_record_id = left_records.record_id
inner join records as right_records on best_of_pairs.right_record_id = right_records.record_id
left join
    decisions
    on best_of_pairs.left_record_id = decisions.left_record_id
    and best_of_pairs.right_record_id = decisions.right_record_id
where best_of_pairs.pair_rank = 1
