{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    nodes as (

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
        inner join
            fits on group_nodes.run_id = fits.run_id and group_nodes.ltv_group = fits.ltv_group

    ),

    pairs as (select distinct fit_group, repeat_order_count, observed_days from customers),

    rungs as ({{ node_rungs() }})

select
    pairs.fit_group,
    pairs.repeat_order_count,
    pairs.observed_days,
    nodes.dropout_probability,
    nodes.weight,
    fits.r + pairs.repeat_order_count as k,
    fits.alpha + pairs.observed_days as exposure_days,
    nodes.dropout_probability / (fits.alpha + pairs.observed_days) as z
from pairs
inner join fits on pairs.fit_group = fits.ltv_group
inner join
    rungs
    on pairs.fit_group = rungs.fit_group
    and pairs.repeat_order_count = rungs.repeat_order_count
inner join nodes on rungs.fit_group = nodes.fit_group and rungs.rung = nodes.repeat_order_count
