"""How good a forecast was, once the hold-out is known. Equal forecasts are treated alike.

`predicted` and `actual` are arrays with one entry per customer: orders or money of the hold-out.
Where a measure has no meaning (a bias without actual orders), it is None, never a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rfm_cli.ltv.counts import FloatArray

DECILES = 10
TOP_SHARE = 0.2


@dataclass(frozen=True)
class Metrics:
    """How one forecast compares with what came.

    total_bias              predicted over actual total, less 1
    mean_absolute_error     per customer
    root_mean_square_error  per customer
    gini                    how well the forecast ranks: 1 as the hold-out itself, 0 not at all
    calibration_error       distance of predicted and actual totals of deciles, as a share of all
    top_share               of the actual total, what the top 20 % by forecast brought
    interval_coverage       share of customers within their 90 % interval, where there is one
    """

    customer_count: int
    predicted_total: float
    actual_total: float
    total_bias: float | None
    mean_absolute_error: float
    root_mean_square_error: float
    gini: float | None
    calibration_error: float | None
    top_share: float | None
    interval_coverage: float | None


@dataclass(frozen=True)
class Decile:
    """Customers of one tenth by forecast; totals over them."""

    number: int
    customer_count: int
    predicted_total: float
    actual_total: float


def measure(
    predicted: FloatArray,
    actual: FloatArray,
    interval: tuple[FloatArray, FloatArray] | None = None,
) -> Metrics:
    """Compare a forecast with what came; `interval` has the bounds of each customer.

    Raises ValueError without customers.
    """
    if not len(predicted):
        raise ValueError("metrics: there are no customers to compare")
    error = predicted - actual
    return Metrics(
        customer_count=len(predicted),
        predicted_total=float(predicted.sum()),
        actual_total=float(actual.sum()),
        total_bias=total_bias(predicted, actual),
        mean_absolute_error=float(np.abs(error).mean()),
        root_mean_square_error=float(np.sqrt((error**2).mean())),
        gini=gini(predicted, actual),
        calibration_error=calibration_error(deciles(predicted, actual)),
        top_share=captured_share(predicted, actual, TOP_SHARE),
        interval_coverage=None
        if interval is None
        else float(((interval[0] <= actual) & (actual <= interval[1])).mean()),
    )


def total_bias(predicted: FloatArray, actual: FloatArray) -> float | None:
    """Predicted over actual total, less 1; None where nothing came."""
    total = float(actual.sum())
    return float(predicted.sum()) / total - 1 if total > 0 else None


def gini(predicted: FloatArray, actual: FloatArray) -> float | None:
    """Twice the area between the Lorenz curve by forecast and the diagonal, over the best there is.

    Customers with equal forecasts share one straight piece of the curve, so that their order plays
    no part. None where nothing came, or the same for everyone.
    """
    by_forecast = _concentration(predicted, actual)
    best = _concentration(actual, actual)
    return by_forecast / best if by_forecast is not None and best else None


def captured_share(predicted: FloatArray, actual: FloatArray, share: float) -> float | None:
    """Share of the actual total that the top `share` of customers by forecast brought.

    Of customers who tie at the cut, as many count as there is room for, each with their mean.
    """
    if not actual.sum() > 0:
        return None
    customers, amounts = _curve(-predicted, actual)
    return float(np.interp(share, customers, amounts))


def decile_numbers(predicted: FloatArray, groups: int = DECILES) -> NDArray[np.int64]:
    """1 (lowest) to `groups`, by the middle of the ranks that equal forecasts share.

    Equal forecasts are in one group, so groups may be uneven and some empty.
    """
    _, place, sizes = np.unique(predicted, return_inverse=True, return_counts=True)
    middle = np.cumsum(sizes) - sizes / 2
    return 1 + np.floor(groups * middle / len(predicted)).astype(np.int64)[place]


def deciles(predicted: FloatArray, actual: FloatArray) -> list[Decile]:
    """Add up both by decile of the forecast, lowest first; empty ones are left out."""
    number = decile_numbers(predicted)
    return [
        Decile(int(n), int(here.sum()), float(predicted[here].sum()), float(actual[here].sum()))
        for n in np.unique(number)
        for here in [number == n]
    ]


def calibration_error(parts: list[Decile]) -> float | None:
    """Sum of |predicted - actual| over deciles over the actual total; None where nothing came."""
    total = sum(part.actual_total for part in parts)
    distance = sum(abs(part.predicted_total - part.actual_total) for part in parts)
    return distance / total if total > 0 else None


def _concentration(order_by: FloatArray, amounts: FloatArray) -> float | None:
    if not amounts.sum() > 0:
        return None
    x, y = _curve(order_by, amounts)
    return float(1 - ((y[1:] + y[:-1]) * np.diff(x)).sum())


def _curve(order_by: FloatArray, amounts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Shares of customers and of amounts, added up in ascending order, from 0 to 1."""
    _, place, sizes = np.unique(order_by, return_inverse=True, return_counts=True)
    sums = np.bincount(place, amounts)
    return (
        np.concatenate([[0.0], np.cumsum(sizes) / len(order_by)]),
        np.concatenate([[0.0], np.cumsum(sums) / sums.sum()]),
    )
