"""Which method forecasts these customers best, by one rule.

At every cut the methods are ranked (1 is best, equals share the mean of their ranks) on each of
four metrics: root mean square error, size of the total bias, Gini, calibration error by deciles.
The lowest mean rank over metrics and cuts wins; of equals the one with the lower root mean square
error. The mean absolute error has no say: where most customers bring nothing, expecting nothing of
everyone does well on it.

A method that could not forecast at one of the cuts cannot win. A metric without meaning at a cut
(no bias without orders) is left out there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.metrics import Metrics


@dataclass(frozen=True)
class Verdict:
    """Mean ranks of those that forecast at every cut, and who won; None where nobody did."""

    mean_ranks: dict[str, float]
    winner: str | None


def judge(results: Sequence[Mapping[str, Metrics]]) -> Verdict:
    """Compare the methods at several cuts; one mapping from method to metrics per cut."""
    everywhere = [
        method
        for method in (results[0] if results else ())
        if all(method in cut for cut in results)
    ]
    if not everywhere:
        return Verdict({}, None)
    ranks = np.array(
        [
            _ranks(np.array(losses, dtype=np.float64))
            for cut in results
            for losses in zip(*(_losses(cut[method]) for method in everywhere), strict=True)
            if None not in losses
        ]
    ).mean(axis=0)
    errors = [
        np.mean([cut[method].root_mean_square_error for cut in results]) for method in everywhere
    ]
    best = min(range(len(everywhere)), key=lambda i: (round(ranks[i], 9), errors[i]))
    return Verdict(dict(zip(everywhere, ranks.tolist(), strict=True)), everywhere[best])


def _losses(metrics: Metrics) -> tuple[float | None, ...]:
    """Less is better."""
    bias, gini = metrics.total_bias, metrics.gini
    return (
        metrics.root_mean_square_error,
        None if bias is None else abs(bias),
        None if gini is None else -gini,
        metrics.calibration_error,
    )


def _ranks(losses: FloatArray) -> FloatArray:
    """Rank from 1; equals share their mean rank."""
    _, place, sizes = np.unique(losses, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[place]
