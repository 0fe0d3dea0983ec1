{#- Which order counts each fit takes nodes of: one without nodes takes those of the next lower one. Expects the relations `pairs`
    (fit_group, repeat_order_count) and `nodes` (the same and more). -#}
{% macro node_rungs() -%}
    select counts.fit_group, counts.repeat_order_count, max(node_counts.repeat_order_count) as rung
    from (select distinct fit_group, repeat_order_count from pairs) as counts
    inner join
        (select distinct fit_group, repeat_order_count from nodes) as node_counts
        on counts.fit_group = node_counts.fit_group
        and node_counts.repeat_order_count <= counts.repeat_order_count
    group by counts.fit_group, counts.repeat_order_count
{%- endmacro %}
