{#- Constrained clustering: links are taken best first, and one that would bring two records of a cannot-link into one
    cluster is refused. Not one after the other but in rounds: a link that is the best of both clusters at its ends has
    nothing before it that could change them, so all such links are decided at once; the outcome is the same.
    `links` is a query of left_record_id, right_record_id, link_rank (unique), `cannot_links` one of left_record_id,
    right_record_id. Fills the working table "kept": the pairs of records whose links were taken. -#}
{% macro recluster(links, cannot_links, round_cap) -%}
    {%- if execute -%}
        {%- do fill_scratch_table("numbers", number_records([links, cannot_links], "number")) -%}
        {%- do fill_scratch_table("pairs_0", recluster_pairs(links, cannot_links)) -%}
        {%- do fill_scratch_table("merges_0", locally_best_links(0)) -%}
        {%- do fill_scratch_table(
            "taken", "select number, into_number from " ~ scratch_table("merges_0")
        ) -%}
        {%- set state = namespace(is_done=count_rows(scratch_table("merges_0")) == 0) -%}
        {%- for round in range(1, round_cap + 1) -%}
            {%- if not state.is_done -%}
                {%- do fill_scratch_table("pairs_" ~ round, merged_pairs(round)) -%}
                {%- do fill_scratch_table("merges_" ~ round, locally_best_links(round)) -%}
                {%- do run_query(
                    "insert into "
                    ~ scratch_table("taken")
                    ~ " select number, into_number from "
                    ~ scratch_table("merges_" ~ round)
                ) -%}
                {%- set state.is_done = count_rows(scratch_table("merges_" ~ round)) == 0 -%}
                {%- do run_query("drop table " ~ scratch_table("pairs_" ~ (round - 1))) -%}
                {%- do run_query("drop table " ~ scratch_table("merges_" ~ (round - 1))) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not state.is_done -%}
            {{
                exceptions.raise_compiler_error(
                    "Clusters were not settled in "
                    ~ round_cap
                    ~ " rounds (rfm_identity_max_component), one for each record of the largest component:"
                    ~ " is link_rank unique?"
                )
            }}
        {%- endif -%}
        {%- do fill_scratch_table("kept", taken_pairs()) -%}
    {%- endif -%}
{%- endmacro %}

{#- Two clusters, the rank of the best link between them, and whether they hold a cannot-link. -#}
{% macro recluster_pairs(links, cannot_links) -%}
    select
        left_numbers.number as left_number,
        right_numbers.number as right_number,
        min(pairs.link_rank) as link_rank,
        max(pairs.is_forbidden) as is_forbidden
    from
        (
            select
                left_record_id,
                right_record_id,
                cast(link_rank as {{ dbt.type_bigint() }}) as link_rank,
                0 as is_forbidden
            from ({{ links }}) as links
            union all
            select
                left_record_id,
                right_record_id,
                cast(null as {{ dbt.type_bigint() }}) as link_rank,
                1 as is_forbidden
            from ({{ cannot_links }}) as cannot_links
        ) as pairs
    inner join
        {{ scratch_table("numbers") }} as left_numbers
        on pairs.left_record_id = left_numbers.record_id
    inner join
        {{ scratch_table("numbers") }} as right_numbers
        on pairs.right_record_id = right_numbers.record_id
    group by left_numbers.number, right_numbers.number
{%- endmacro %}

{#- Links between clusters that may not be one are never taken and stand in nobody's way. -#}
{% macro locally_best_links(round) -%}
    with

        live as (

            select left_number, right_number, link_rank
            from {{ scratch_table("pairs_" ~ round) }}
            where is_forbidden = 0 and link_rank is not null

        ),

        best as (

            select number, min(link_rank) as link_rank
            from
                (
                    select left_number as number, link_rank
                    from live
                    union all
                    select right_number as number, link_rank
                    from live
                ) as ends
            group by number

        )

    select live.right_number as number, live.left_number as into_number
    from live
    inner join
        best as left_best
        on live.left_number = left_best.number
        and live.link_rank = left_best.link_rank
    inner join
        best as right_best
        on live.right_number = right_best.number
        and live.link_rank = right_best.link_rank
{%- endmacro %}

{#- A cluster has one best link, so it takes part in one merger a round. -#}
{% macro merged_pairs(round) -%}
    with

        renamed as (

            select
                coalesce(left_merges.into_number, pairs.left_number) as one_number,
                coalesce(right_merges.into_number, pairs.right_number) as other_number,
                pairs.link_rank,
                pairs.is_forbidden
            from {{ scratch_table("pairs_" ~ (round - 1)) }} as pairs
            left join
                {{ scratch_table("merges_" ~ (round - 1)) }} as left_merges
                on pairs.left_number = left_merges.number
            left join
                {{ scratch_table("merges_" ~ (round - 1)) }} as right_merges
                on pairs.right_number = right_merges.number

        )

    select
        least(one_number, other_number) as left_number,
        greatest(one_number, other_number) as right_number,
        min(link_rank) as link_rank,
        max(is_forbidden) as is_forbidden
    from renamed
    where one_number <> other_number
    group by least(one_number, other_number), greatest(one_number, other_number)
{%- endmacro %}

{% macro taken_pairs() -%}
    select
    into_numbers.record_id as left_record_id,
    numbers.record_id as right_record_id
    from {{ scratch_table("taken") }} as taken
    inner join
        {{ scratch_table("numbers") }} as into_numbers on taken.into_number = into_numbers.number
    inner join {{ scratch_table("numbers") }} as numbers on taken.number = numbers.number
{%- endmacro %}
