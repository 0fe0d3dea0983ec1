"""What people do without a model: rules that a forecast must beat to be worth having.

Each takes a cut and gives the orders and the money that every customer brings in the hold-out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.metrics import decile_numbers

Forecast = tuple[FloatArray, FloatArray]
_SCORES = 5


def last_period(cut: Holdout) -> Forecast:
    """Expect the same as in as many days before the cut."""
    return cut.period_orders, cut.period_amount


def last_third(cut: Holdout) -> Forecast:
    """Expect, scaled up, what the last days brought, a third as many as the hold-out has."""
    scale = cut.days / cut.third_days
    return cut.third_orders * scale, cut.third_amount * scale


def mean_rate(cut: Holdout) -> Forecast:
    """Expect a customer to go on at their own mean rate and mean order amount."""
    orders = cut.repeat_orders / cut.observed_days * cut.days
    return orders, orders * cut.mean_order_amount


def hiatus(cut: Holdout) -> Forecast:
    """Expect nothing from who has been silent for more than a third of the hold-out's days."""
    orders, value = mean_rate(cut)
    is_active = cut.recency_days <= cut.third_days
    return np.where(is_active, orders, 0.0), np.where(is_active, value, 0.0)


def past_value(cut: Holdout) -> Forecast:
    """Expect all past orders and money again, for the days of the hold-out instead of all days.

    The scale is the same for everyone, so customers are ranked by what they spent so far.
    """
    scale = cut.days / cut.observed_days.max()
    return (cut.repeat_orders + 1) * scale, cut.revenue_amount * scale


RULES: dict[str, Callable[[Holdout], Forecast]] = {
    "last_period": last_period,
    "last_third": last_third,
    "mean_rate": mean_rate,
    "hiatus": hiatus,
    "past_value": past_value,
}
CELL_RULE = "rfm_cell"


def rfm_cell(cut: Holdout, earlier: Holdout) -> Forecast:
    """Expect of a customer the mean of their RFM cell in the hold-out of an earlier cut.

    Quintiles of recency, frequency and money make 125 cells at either cut. A cell that nobody was
    in takes the mean of all with its recency and frequency, then of its recency, then of everyone.
    Other lengths of the earlier hold-out are scaled. Raises FitRefused where the earlier cut has
    no customers.
    """
    if not earlier.customer_count:
        raise FitRefused("There are no customers before an earlier window to learn cells from.")
    scale = cut.days / earlier.days
    cells, learned = _cells(cut), _cells(earlier)
    orders, value = (
        _cell_means(cells, learned, actual) * scale
        for actual in (earlier.future_orders, earlier.future_amount)
    )
    return orders, value


def _cells(cut: Holdout) -> list[NDArray[np.int64]]:
    """Group from coarse to fine: everyone, recency, with frequency, with money."""
    scores = [
        decile_numbers(column, _SCORES)
        for column in (-cut.recency_days, cut.repeat_orders, cut.revenue_amount)
    ]
    groups = [np.zeros(cut.customer_count, dtype=np.int64)]
    for score in scores:
        groups.append(groups[-1] * _SCORES + score - 1)
    return groups


def _cell_means(
    cells: list[NDArray[np.int64]], learned: list[NDArray[np.int64]], actual: FloatArray
) -> FloatArray:
    means = np.full(len(cells[0]), np.nan)
    for level in reversed(range(len(cells))):
        size = _SCORES**level
        customers = np.bincount(learned[level], minlength=size)
        totals = np.bincount(learned[level], actual, minlength=size)
        known = customers[cells[level]] > 0
        here = np.isnan(means) & known
        means[here] = (totals / np.maximum(customers, 1))[cells[level][here]]
    return means
