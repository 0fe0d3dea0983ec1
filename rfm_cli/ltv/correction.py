"""Calibration correction: what forecasts of this size turned out to be, learned on hold-outs.

Customers are put in groups by what is expected of them in a year. In each group the expected mean
is replaced by what came, as a multiple of what was expected; where groups would then swap places,
neighbours are pooled (isotonic regression: Ayer et al. 1955, pool adjacent violators), so that the
order of customers stays. Between the means of groups the correction is linear, below the first and
above the last it is proportional.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.metrics import DECILES, decile_numbers

MIN_GROUP_CUSTOMERS = 50


@dataclass(frozen=True, eq=False)
class Correction:
    """Pieces of a straight line each: corrected = intercept + slope x expected in a year.

    `starts` ascends from 0; a piece ends where the next one starts, and the last has no end.
    """

    starts: FloatArray
    intercepts: FloatArray
    slopes: FloatArray

    def factor(self, yearly: FloatArray) -> FloatArray:
        """Corrected over expected, for what is expected in a year; 1 where that is nothing."""
        piece = np.searchsorted(self.starts, yearly, side="right") - 1
        some = yearly > 0
        corrected = self.intercepts[piece] + self.slopes[piece] * yearly
        return np.where(some, corrected / np.where(some, yearly, 1.0), 1.0)


def learn_correction(yearly: FloatArray, predicted: FloatArray, actual: FloatArray) -> Correction:
    """Learn from customers of whom `yearly` was expected in a year.

    `predicted` and `actual` are those of the hold-out. Raises FitRefused with fewer than
    MIN_GROUP_CUSTOMERS of whom something was expected.
    """
    some = (yearly > 0) & (predicted > 0)
    yearly, predicted, actual = yearly[some], predicted[some], actual[some]
    group_count = min(DECILES, len(yearly) // MIN_GROUP_CUSTOMERS)
    if not group_count:
        raise FitRefused(
            f"Only {len(yearly):,} customers can be compared with what came; at least"
            f" {MIN_GROUP_CUSTOMERS} are needed to correct forecasts."
        )
    number = decile_numbers(yearly, group_count)
    _, group = np.unique(number, return_inverse=True)
    sizes = np.bincount(group).astype(np.float64)
    expected = np.bincount(group, yearly) / sizes
    ratios = np.bincount(group, actual) / np.bincount(group, predicted)
    corrected = pool_adjacent_violators(np.maximum(ratios * expected, 0), sizes)
    slopes = np.diff(corrected) / np.diff(expected)
    intercepts = corrected[:-1] - slopes * expected[:-1]
    return Correction(
        starts=np.concatenate([[0.0], expected]),
        intercepts=np.concatenate([[0.0], intercepts, [0.0]]),
        slopes=np.concatenate(
            [corrected[:1] / expected[:1], slopes, corrected[-1:] / expected[-1:]]
        ),
    )


def pool_adjacent_violators(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the nearest values (weighted least squares) that never fall."""
    means: list[float] = []
    totals: list[float] = []
    lengths: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, length = value, weight, 1
        while means and means[-1] >= mean:
            before, their_weight = means.pop(), totals.pop()
            mean = (before * their_weight + mean * total) / (their_weight + total)
            total += their_weight
            length += lengths.pop()
        means.append(mean)
        totals.append(total)
        lengths.append(length)
    return np.repeat(means, lengths)
