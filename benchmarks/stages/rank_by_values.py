"""Tries on Spark what could replace the ranking of all customers in one task.

Both ways give each customer the mid-rank scores of past and of future value. The first is the
project's: a window over all customers of the date. The second counts the customers of each
distinct value, ranks the values and joins the scores back. Comments name them for the web
interface, as dbt's do for models.

    python rank_by_values.py
"""

from __future__ import annotations

import os

from pyhive import hive
from stopwatch import Stopwatch

WAYS = ("rank_all_customers", "rank_distinct_values")
MEASURES = ("past_value_amount", "future_value_amount")
CUSTOMERS = "rfm.customer_value"


def all_customers() -> str:
    scores = ", ".join(
        f"""
            cast(1 + floor(5.0D * (
                rank() over (partition by as_of_date order by {measure})
                - 1
                + count(*) over (partition by as_of_date order by {measure})
            ) / (2 * count(*) over (partition by as_of_date))) as int) as {measure}_score"""
        for measure in MEASURES
    )
    return f"select customer_id, {scores} from {CUSTOMERS}"


def distinct_values() -> str:
    scored = ", ".join(
        f"""
        {measure}_scored as (
            select as_of_date, {measure}, cast(1 + floor(5.0D * (
                2 * sum(customer_count) over (partition by as_of_date order by {measure})
                - customer_count
            ) / (2 * sum(customer_count) over (partition by as_of_date))) as int) as score
            from (
                select as_of_date, {measure}, count(*) as customer_count
                from {CUSTOMERS} group by as_of_date, {measure}
            )
        )"""
        for measure in MEASURES
    )
    joins = " ".join(
        f"inner join {measure}_scored using (as_of_date, {measure})" for measure in MEASURES
    )
    scores = ", ".join(f"{measure}_scored.score as {measure}_score" for measure in MEASURES)
    return f"with {scored} select customer_id, {scores} from {CUSTOMERS} {joins}"


def main() -> None:
    stopwatch = Stopwatch()
    host, port = os.environ["RFM_SPARK_HOST"], int(os.environ["RFM_SPARK_PORT"])
    with hive.connect(host=host, port=port) as connection, connection.cursor() as cursor:
        for way, query in zip(WAYS, (all_customers(), distinct_values()), strict=True):
            with stopwatch.step(way):
                comment = f'/* {{"node_id": "model.rfm.{way}"}} */'
                cursor.execute(f"{comment} create table raw.{way} using parquet as {query}")
        pairs = " or ".join(f"a.{measure}_score <> b.{measure}_score" for measure in MEASURES)
        cursor.execute(
            f"select count(*), count(*) filter (where {pairs}) "
            f"from raw.{WAYS[0]} as a inner join raw.{WAYS[1]} as b using (customer_id)"
        )
        customers, differing = cursor.fetchone()
    stopwatch.report(customers=customers, customers_who_differ=differing)


if __name__ == "__main__":
    main()
