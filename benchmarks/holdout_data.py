"""The data sets whose forecasts are judged, each cut once: what was known, and what came after.

Orders of one day are one and times are in weeks, as papers and the peers' own summaries have it,
so a day of `Holdout` is a week here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np

from rfm_cli.demo.data_sets import demo_data
from rfm_cli.ltv.holdout import Holdout

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit"))


@dataclass(frozen=True)
class DataSet:
    """Orders that anybody can get, and where they are cut."""

    name: str
    about: str
    split: Callable[[], Holdout]


def cdnow_sample() -> Holdout:
    """Split the 1/10 sample as the papers do, with T up to the last day that is known."""
    from cdnow_sample import cdnow_sample_split

    (package,) = find_spec("lifetimes").submodule_search_locations
    return cdnow_sample_split(Path(package) / "datasets" / "CDNOW_sample.txt")


def cdnow_master() -> Holdout:
    """Split all of CDNOW, the file of the demo."""
    orders = f"select customer_id, order_date, amount from '{_demo_file('cdnow')}'"
    return split(orders, date(1997, 10, 1), 39)


def complete_journey() -> Holdout:
    """Split the year of Complete Journey: 35 weeks are known, 17 held out."""
    orders = f"""
        select
            household_id as customer_id,
            cast(timezone('America/New_York', transaction_timestamp) as date) as order_date,
            sales_value as amount
        from '{_demo_file("completejourney")}'
    """
    return split(orders, date(2017, 9, 3), 17)


DATA_SETS = (
    DataSet("CDNOW sample", "39 weeks known, 39 held out (cut 1997-10-01)", cdnow_sample),
    DataSet("CDNOW master", "39 weeks known, 39 held out (cut 1997-10-01)", cdnow_master),
    DataSet(
        "completejourney",
        "baskets of 2017: 35 weeks known, 17 held out (cut 2017-09-03)",
        complete_journey,
    ),
)


def split(orders: str, cut: date, weeks: int) -> Holdout:
    """Cut orders, given as a query with customer_id, order_date and amount; as `rfm backtest` does.

    The hold-out begins on the day of the cut. Money of the first order counts as revenue only.
    """
    third = round(weeks / 3)
    with duckdb.connect() as connection:
        found = connection.execute(
            _SPLIT.format(orders=orders),
            {
                "cut": cut,
                "period": cut - timedelta(weeks=weeks),
                "third": cut - timedelta(weeks=third),
                "end": cut + timedelta(weeks=weeks),
            },
        ).fetchnumpy()
    columns = {name: np.asarray(column, dtype=float) for name, column in found.items()}
    return Holdout(cut, weeks, third, **columns)


# The order of customers plays no part in what is measured; with one, equal data give equal digits.
_SPLIT = """
with

days as (

    select customer_id, order_date, cast(sum(amount) as double) as amount
    from ({orders})
    where order_date < $end
    group by customer_id, order_date

),

first_days as (select customer_id, min(order_date) as first_date from days group by customer_id),

dated as (

    select
        days.*,
        first_date,
        order_date < $cut as is_known,
        order_date < $cut and order_date > first_date as is_repeated
    from days
    inner join first_days using (customer_id)
    where first_date < $cut

)

select
    count(*) filter (is_repeated) as repeat_orders,
    (max(order_date) filter (is_known) - first_date) / 7 as first_to_last_days,
    ($cut - first_date) / 7 as observed_days,
    sum(amount) filter (is_known) as revenue_amount,
    coalesce(sum(amount) filter (is_repeated), 0) as repeat_amount,
    count(*) filter (is_repeated and order_date >= $period) as period_orders,
    coalesce(sum(amount) filter (is_repeated and order_date >= $period), 0) as period_amount,
    count(*) filter (is_repeated and order_date >= $third) as third_orders,
    coalesce(sum(amount) filter (is_repeated and order_date >= $third), 0) as third_amount,
    count(*) filter (not is_known) as future_orders,
    coalesce(sum(amount) filter (not is_known), 0) as future_amount
from dated
group by customer_id, first_date
order by customer_id
"""


def _demo_file(name: str) -> Path:
    path = demo_data(name, Path(), None, None).path
    assert path is not None  # only the company is in the database
    return path
