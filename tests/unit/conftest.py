"""Public data with known answers, read from the installed `lifetimes` without importing it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from rfm_cli.ltv.counts import OrderCounts, SpendCounts


def _lifetimes_csv(name: str) -> np.ndarray:
    package = importlib.util.find_spec("lifetimes").submodule_search_locations[0]
    return np.genfromtxt(Path(package) / "datasets" / name, delimiter=",", skip_header=1)


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
