"""How far a customer's own fate may lie from what is expected: 90 % intervals by table.

Given that the customer is alive, N orders in the next 365 days have
    P(N >= n) = E[(1-p)^(n-1)] P(NegBin >= n),
the customer having survived n - 1 chances to drop out. Their total amount over v + x m is
Gamma(p n) / Gamma(p x + q), a beta prime variable that depends on x and n only. So the value over
its own mean, given alive, depends on (x, T) only, and one table of tail quantiles serves all
customers. The upper end of a 90 % interval is the ratio at tail .05 / P(alive), the lower end
that at .95 / P(alive); a tail above 1 means a value of 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters, dropout_chances

HORIZON_DAYS = 365.0
TAIL_PROBABILITIES = np.array(
    [.05, .06, .07, .085, .1, .125, .15, .2, .25, .3, .4, .5, .6, .7, .8, .9, .95, .97, .985, 1.0]
)  # fmt: skip

_OBSERVED_KNOTS = 24
_NEGLIGIBLE = 1e-12  # probability of more orders than are looked at
_SINGLE_COUNTS = 32  # beyond this many orders they are taken in blocks
_COARSE_AMOUNTS, _AMOUNTS = 60, 240


@dataclass(frozen=True, eq=False)
class IntervalTable:
    """In columns: P(value > value_ratio x mean value | alive) = tail_probability.

    `value_ratio` is 0 where even the chance of any order is below the tail.
    """

    repeat_order_count: FloatArray
    observed_days: FloatArray
    tail_probability: FloatArray
    value_ratio: FloatArray


def interval_table(
    orders: OrderParameters,
    spend: SpendParameters,
    highest_repeat_orders: float,
    longest_observed_days: float,
) -> IntervalTable:
    """Quantiles of the value of the next 365 days, on a grid of x, T and tail probability."""
    order_knots = _order_knots(highest_repeat_orders)
    observed_knots = _observed_knots(longest_observed_days)
    ratios = np.array([_value_ratios(orders, spend, x, observed_knots) for x in order_knots])
    x, observed, tail = np.meshgrid(order_knots, observed_knots, TAIL_PROBABILITIES, indexing="ij")
    return IntervalTable(x.ravel(), observed.ravel(), tail.ravel(), ratios.ravel())


def _order_knots(highest: float) -> FloatArray:
    """0 to 10, then whole numbers in steps of a quarter to beyond the highest."""
    knots = list(range(11))
    while knots[-1] <= highest:
        knots.append(int(np.ceil(knots[-1] * 1.25)))
    return np.array(knots, dtype=np.float64)


def _observed_knots(longest: float) -> FloatArray:
    return np.unique(np.round(np.geomspace(1, max(2 * longest, 2), _OBSERVED_KNOTS)))


def _value_ratios(
    orders: OrderParameters, spend: SpendParameters, x: float, observed: FloatArray
) -> FloatArray:
    """Ratios for one order count (observed knots x tails)."""
    order_numbers, probabilities = _order_distribution(orders, x, observed)
    shape = spend.p * x + spend.q

    def exceed(log_amounts: FloatArray) -> FloatArray:
        """P(total / (v + x m) > amount) for each observed knot (knots x amounts)."""
        share = 1 / (1 + np.exp(log_amounts))
        given_number = betainc(shape, spend.p * order_numbers[:, None], share)
        return np.asarray(probabilities @ given_number)

    # First find where the tails lie, then look closely.
    mean_per_order = np.log(spend.p / (shape - 1))
    span = 12 + 12 / spend.p
    coarse = mean_per_order + np.linspace(-span, span + np.log(order_numbers[-1]), _COARSE_AMOUNTS)
    tails = exceed(coarse)
    some_order = probabilities.sum(axis=1, keepdims=True)
    low = np.flatnonzero((tails > 0.999 * some_order).all(axis=0))
    high = np.flatnonzero((tails < 0.999 * TAIL_PROBABILITIES[0]).all(axis=0))
    fine = np.linspace(
        coarse[low[-1]] if len(low) else coarse[0],
        coarse[high[0]] if len(high) else coarse[-1],
        _AMOUNTS,
    )
    tails = exceed(fine)
    mean = (probabilities @ order_numbers) * spend.p / (shape - 1)
    ratios = np.zeros((len(observed), len(TAIL_PROBABILITIES)))
    for row in range(len(observed)):
        reached = some_order[row] > TAIL_PROBABILITIES
        log_amount = np.interp(TAIL_PROBABILITIES[reached], tails[row, ::-1], fine[::-1])
        ratios[row, reached] = np.exp(log_amount) / mean[row]
    return ratios


def _order_distribution(
    orders: OrderParameters, x: float, observed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Numbers of orders (from 1) and their probabilities (observed knots x numbers).

    Large numbers come in blocks, represented by their middle, that are narrow beside the spread
    of the number of orders itself.
    """
    shape = orders.r + x
    scaled_time = HORIZON_DAYS / (orders.alpha + observed)
    b = orders.b + float(dropout_chances(orders.model, x))
    growth = 1 + np.clip(0.4 / np.sqrt(shape), 0.01, 0.08)
    blocks = np.log(1e9 / _SINGLE_COUNTS) / np.log(growth)
    starts = np.unique(
        np.concatenate(
            [
                np.arange(1.0, _SINGLE_COUNTS),
                np.round(_SINGLE_COUNTS * growth ** np.arange(np.ceil(blocks))),
            ]
        )
    )
    survives = np.exp(betaln(orders.a, b + starts - 1) - betaln(orders.a, b))
    odds = (scaled_time / (1 + scaled_time))[:, None]
    at_least = survives * betainc(starts, shape, odds)
    needed = int(np.flatnonzero((at_least > _NEGLIGIBLE).any(axis=0))[-1]) + 2
    starts, at_least = starts[:needed], at_least[:, :needed]
    return (starts[:-1] + starts[1:] - 1) / 2, at_least[:, :-1] - at_least[:, 1:]
