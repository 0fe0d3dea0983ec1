"""The tables that a fit is appended to, as dbt makes them."""

LEARNED_TABLES = """
create table fitted_ltv_parameters (run_id varchar, model varchar, parameter varchar,
    estimate double, standard_error double);
create table fitted_ltv_nodes (run_id varchar, repeat_order_count int, node_number int,
    dropout_probability double, weight double);
create table fitted_ltv_intervals (run_id varchar, repeat_order_count int, observed_days int,
    tail_probability double, value_ratio double);
create table fitted_ltv_diagnostics (run_id varchar, model varchar, diagnostic varchar,
    value double);
create table fitted_runs (run_id varchar, run_number int, topic varchar, as_of_date date,
    model varchar, is_accepted boolean, refusal_reason varchar, customer_count bigint,
    repeat_customer_count bigint, rfm_version varchar);
"""
