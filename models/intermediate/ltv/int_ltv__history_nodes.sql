{{ config(materialized="view") }}

with

    customers as (select * from {{ ref("int_ltv__customer_fits") }}),

    fits as (select * from {{ ref("int_ltv__group_fits") }}),

    nodes as ({{ nodes_of_fits() }}),

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
