"""Measures one hand-written DuckDB query: from orders to a customer summary with RFM scores.

It is what an analyst would write: orders, first and last date, money, the first order's amount
(lifetime value needs it) and three ntile scores. Plain DuckDB settings. ORDER_COUNT is
`count(distinct order_id)`, or `count(*)` where somebody knows that each row is an order.

    python hand_written.py ORDERS_FILE DATABASE ORDER_COUNT
"""

from __future__ import annotations

import sys

import duckdb

QUERY = """
create or replace table customer_rfm as
with

summary as (

    select
        customer_id,
        min(cast(ordered_at as date)) as first_order_date,
        max(cast(ordered_at as date)) as last_order_date,
        {order_count} as order_count,
        sum(amount) as amount,
        arg_min(amount, ordered_at) as first_amount
    from read_parquet('{orders}')
    group by customer_id

),

as_of as (select max(last_order_date) + 1 as as_of_date from summary)

select
    customer_id,
    order_count - 1 as repeat_order_count,
    last_order_date - first_order_date as first_to_last_days,
    as_of_date - first_order_date as observed_days,
    cast(amount - first_amount as double) / nullif(order_count - 1, 0) as mean_repeat_amount,
    as_of_date - last_order_date as recency_days,
    order_count,
    amount,
    ntile(5) over (order by last_order_date) as recency_score,
    ntile(5) over (order by order_count) as frequency_score,
    ntile(5) over (order by amount) as monetary_score
from summary
cross join as_of
"""


def main(orders: str, database: str, order_count: str) -> None:
    with duckdb.connect(database) as connection:
        connection.execute(QUERY.format(orders=orders, order_count=order_count))


if __name__ == "__main__":
    main(*sys.argv[1:])
