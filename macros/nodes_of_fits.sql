{#- The quadrature nodes of each fit, that of everybody ('') and those of groups, as fit_group, repeat_order_count,
    dropout_probability and weight. Expects the relation `fits` (run_id, ltv_group). -#}
{% macro nodes_of_fits() -%}
    select
        fits.ltv_group as fit_group,
        fitted_nodes.repeat_order_count,
        fitted_nodes.dropout_probability,
        fitted_nodes.weight
    from {{ ref("fitted_ltv_nodes") }} as fitted_nodes
    inner join fits on fitted_nodes.run_id = fits.run_id and fits.ltv_group = ''
    union all
    select
        fits.ltv_group,
        group_nodes.repeat_order_count,
        group_nodes.dropout_probability,
        group_nodes.weight
    from {{ ref("fitted_ltv_group_nodes") }} as group_nodes
    inner join fits on group_nodes.run_id = fits.run_id and group_nodes.ltv_group = fits.ltv_group
{%- endmacro %}
