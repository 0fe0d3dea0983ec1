{#- Connected components by randomised contraction: in each round every node takes the smallest hash among its own and
    its neighbours', nodes of one hash become one node, and edges within it vanish. Two thirds of the nodes are left
    after a round on average, whatever the graph, so that chains and hubs end as soon as others do.
    `pairs` is a query of left_record_id, right_record_id. Fills the working table "components": record_id and
    component_id, the smallest record_id of the component by bytes; records without a pair are not in it. -#}
{% macro find_components(pairs) -%}
    {%- if execute -%}
        {%- set round_cap = 60 -%}
        {%- do fill_scratch_table("nodes", number_records([pairs], "node")) -%}
        {%- do fill_scratch_table("edges_0", component_edges(pairs)) -%}
        {%- set state = namespace(rounds=0, is_done=false) -%}
        {%- for round in range(1, round_cap + 1) -%}
            {%- if not state.is_done -%}
                {%- do fill_scratch_table("hashes_" ~ round, smallest_hashes(round)) -%}
                {%- do fill_scratch_table("edges_" ~ round, contracted_edges(round)) -%}
                {%- do run_query("drop table " ~ scratch_table("edges_" ~ (round - 1))) -%}
                {%- set state.rounds = round -%}
                {%- set state.is_done = count_rows(scratch_table("edges_" ~ round)) == 0 -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not state.is_done -%}
            {{
                exceptions.raise_compiler_error(
                    "The components of "
                    ~ this.identifier
                    ~ " were not found in "
                    ~ round_cap
                    ~ " rounds, where twenty are many: are the ids of its records text without null?"
                )
            }}
        {%- endif -%}
        {%- do fill_scratch_table("components", component_members(state.rounds)) -%}
    {%- endif -%}
{%- endmacro %}

{#- Each edge from both of its ends. -#}
{% macro component_edges(pairs) -%}
    with

        numbered as (

            select left_nodes.node as left_node, right_nodes.node as right_node
            from ({{ pairs }}) as pairs
            inner join
                {{ scratch_table("nodes") }} as left_nodes
                on pairs.left_record_id = left_nodes.record_id
            inner join
                {{ scratch_table("nodes") }} as right_nodes
                on pairs.right_record_id = right_nodes.record_id

        )

    select left_node as node, right_node as neighbour
    from numbered
    union all
    select right_node as node, left_node as neighbour
    from numbered
{%- endmacro %}

{% macro smallest_hashes(round) -%}
    select
        node,
        least({{ node_hash("node", round) }}, min({{ node_hash("neighbour", round) }})) as hash
    from {{ scratch_table("edges_" ~ (round - 1)) }}
    group by node
{%- endmacro %}

{#- A new order of the nodes each round, the same on every engine: a * node + b modulo a prime. It gives no two nodes
    the same hash, so that the hash can name the node of the next round. -#}
{% macro node_hash(node, round) -%}
    {%- set prime = 2147483647 -%}
    {%- set factor = 1 + (local_md5("factor " ~ round)[:12] | int(base=16)) % (prime - 1) -%}
    {%- set shift = (local_md5("shift " ~ round)[:12] | int(base=16)) % prime -%}
    mod({{ factor }} * {{ node }} + {{ shift }}, {{ prime }})
{%- endmacro %}

{% macro contracted_edges(round) -%}
    select distinct nodes.hash as node, neighbours.hash as neighbour
    from {{ scratch_table("edges_" ~ (round - 1)) }} as edges
    inner join {{ scratch_table("hashes_" ~ round) }} as nodes on edges.node = nodes.node
    inner join
        {{ scratch_table("hashes_" ~ round) }} as neighbours on edges.neighbour = neighbours.node
    where nodes.hash <> neighbours.hash
{%- endmacro %}

{#- A node goes by the hash of the last round in which it, or what it had become, still had an edge. -#}
{% macro component_members(rounds) -%}
    with

        labelled as (

            select
                nodes.node,
                nodes.record_id,
                coalesce(
                    {% for round in range(rounds, 0, -1) -%}
                        hashes_{{ round }}.hash {{- ", " if not loop.last }}
                    {%- endfor %}
                ) as label,
                {#- Labels of different rounds may be the same number. -#}
                case
                    {% for round in range(rounds, 0, -1) -%}
                        when hashes_{{ round }}.hash is not null then {{ round }}
                    {% endfor %}
                end as label_round
            from {{ scratch_table("nodes") }} as nodes
            {% for round in range(1, rounds + 1) -%}
                left join
                    {{ scratch_table("hashes_" ~ round) }} as hashes_{{ round }}
                    on {{ "nodes.node" if round == 1 else "hashes_" ~ (round - 1) ~ ".hash" }}
                    = hashes_{{ round }}.node
            {% endfor %}

        ),

        first_nodes as (

            select label, label_round, min(node) as node from labelled group by label, label_round

        )

    select labelled.record_id, nodes.record_id as component_id
    from labelled
    inner join
        first_nodes
        on labelled.label = first_nodes.label
        and labelled.label_round = first_nodes.label_round
    inner join {{ scratch_table("nodes") }} as nodes on first_nodes.node = nodes.node
{%- endmacro %}
