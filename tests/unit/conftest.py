"""Public data with known answers, read from the installed `lifetimes` without importing it."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from cdnow_sample import cdnow_sample_split

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.holdout import Holdout


def _lifetimes_file(name: str) -> Path:
    package = importlib.util.find_spec("lifetimes").submodule_search_locations[0]
    return Path(package) / "datasets" / name


def _lifetimes_csv(name: str) -> np.ndarray:
    return np.genfromtxt(_lifetimes_file(name), delimiter=",", skip_header=1)


@pytest.fixture(scope="session")
def cdnow_orders() -> OrderCounts:
    """CDNOW, 1/10 sample, the first 39 weeks; times in weeks, one entry per customer."""
    _, x, t_x, observed = _lifetimes_csv("cdnow_customers_summary.csv").T
    return OrderCounts(x, t_x, observed, np.ones_like(x))


@pytest.fixture(scope="session")
def cdnow_spend() -> SpendCounts:
    """Spend of the 946 customers of the same sample who ordered again."""
    _, x, _, _, mean = _lifetimes_csv("cdnow_customers_summary_with_transactions.csv").T
    again = x > 0
    return SpendCounts(x[again], x[again] * mean[again], np.ones(again.sum()))


@pytest.fixture(scope="session")
def cdnow_split() -> tuple[OrderCounts, np.ndarray]:
    """The same sample, split after 39 weeks: what was seen, and order days of the next 39 weeks."""
    days = defaultdict(set)
    for line in _lifetimes_file("CDNOW_sample.txt").read_text().splitlines():
        fields = line.split()
        if fields and fields[0].isdigit():
            days[fields[1]].add(datetime.strptime(fields[2], "%Y%m%d").toordinal())
    split = date(1997, 9, 30).toordinal()
    rows = []
    for ordered in days.values():
        seen = [day for day in ordered if day <= split]
        first, last = min(seen), max(seen)
        history = len(seen) - 1, (last - first) / 7, (split - first) / 7
        rows.append((*history, 1, len(ordered) - len(seen)))
    *counts, future = np.array(rows, dtype=float).T
    return OrderCounts(*counts), future


@pytest.fixture(scope="session")
def cdnow_holdout() -> Holdout:
    """The same split with money."""
    return cdnow_sample_split(_lifetimes_file("CDNOW_sample.txt"))
