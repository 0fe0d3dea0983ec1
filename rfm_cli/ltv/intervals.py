"""How far a customer's own fate may lie from what is expected: 90 % intervals by table.

Given that the customer is alive, the distribution of the number of orders N in the days to come
depends on (x, T) only, in every model. Their total amount over v + x m is Gamma(p n) /
Gamma(p x + q), a beta prime variable that depends on x and n only. So the value over its own mean,
given alive, depends on (x, T) only, and one table of tail quantiles serves all customers. The
upper end of a 90 % interval is the ratio at tail .05 / P(alive), the lower end that at
.95 / P(alive); a tail above 1 means a value of 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, expit

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters

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
    """P(value > ratio x mean value | alive) = tail, on a grid of x, T and tail probability.

    `ratios` has the shape (order knots, observed knots, tails). A ratio is 0 where even the chance
    of any order is below the tail.
    """

    order_knots: FloatArray
    observed_knots: FloatArray
    ratios: FloatArray

    def columns(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return order count, observed days, tail probability and ratio, row by row."""
        x, observed, tail = np.meshgrid(
            self.order_knots, self.observed_knots, TAIL_PROBABILITIES, indexing="ij"
        )
        return x.ravel(), observed.ravel(), tail.ravel(), self.ratios.ravel()

    def table_columns(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return the columns as the warehouse stores them."""
        x, observed, tail, ratio = self.columns()
        return {
            "repeat_order_count": x.astype(np.int64),
            "observed_days": observed.astype(np.int64),
            "tail_probability": tail,
            "value_ratio": ratio,
        }

    def ratio(
        self, repeat_orders: FloatArray, observed_days: FloatArray, tail: FloatArray
    ) -> FloatArray:
        """Look the ratio up as the warehouse does.

        The nearest lower knot of x, linear between knots of T and of the tail; T beyond the last
        knot counts as the last, and a tail above 1 gives 0.
        """
        x = np.searchsorted(self.order_knots, repeat_orders, side="right") - 1
        t, t_share = _between(self.observed_knots, observed_days)
        s, s_share = _between(TAIL_PROBABILITIES, tail)
        grid = self.ratios
        at_lower = (1 - s_share) * grid[x, t, s] + s_share * grid[x, t, s + 1]
        at_upper = (1 - s_share) * grid[x, t + 1, s] + s_share * grid[x, t + 1, s + 1]
        return np.where(tail > 1, 0.0, (1 - t_share) * at_lower + t_share * at_upper)


def interval_table(
    orders: OrderParameters,
    spend: SpendParameters,
    highest_repeat_orders: float,
    longest_observed_days: float,
    horizon_days: float = HORIZON_DAYS,
) -> IntervalTable:
    """Quantiles of the value of the next `horizon_days` for customers up to these x and T."""
    order_knots = _order_knots(highest_repeat_orders)
    observed_knots = _observed_knots(longest_observed_days)
    ratios = [_value_ratios(orders, spend, x, observed_knots, horizon_days) for x in order_knots]
    return IntervalTable(order_knots, observed_knots, np.array(ratios))


def _between(knots: FloatArray, values: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """Index of the knot below each value, and how far the value is on the way to the next."""
    below = np.clip(np.searchsorted(knots, values, side="right") - 1, 0, len(knots) - 2)
    share = (values - knots[below]) / (knots[below + 1] - knots[below])
    return below, np.clip(share, 0.0, 1.0)


def _order_knots(highest: float) -> FloatArray:
    """0 to 10, then whole numbers in steps of a quarter to beyond the highest."""
    knots = list(range(11))
    while knots[-1] <= highest:
        knots.append(int(np.ceil(knots[-1] * 1.25)))
    return np.array(knots, dtype=np.float64)


def _observed_knots(longest: float) -> FloatArray:
    return np.unique(np.round(np.geomspace(1, max(2 * longest, 2), _OBSERVED_KNOTS)))


def _value_ratios(
    orders: OrderParameters,
    spend: SpendParameters,
    x: float,
    observed: FloatArray,
    horizon_days: float,
) -> FloatArray:
    """Ratios for one order count (observed knots x tails)."""
    order_numbers, probabilities = order_distribution(orders, x, observed, horizon_days)
    shape = spend.p * x + spend.q

    def exceed(log_amounts: FloatArray) -> FloatArray:
        """P(total / (v + x m) > amount) for each observed knot (knots x amounts)."""
        share = expit(-log_amounts)
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
        reached = (some_order[row] > TAIL_PROBABILITIES) & (TAIL_PROBABILITIES < 1)
        log_amount = np.interp(TAIL_PROBABILITIES[reached], tails[row, ::-1], fine[::-1])
        ratios[row, reached] = np.exp(log_amount) / mean[row]
    return ratios


def order_distribution(
    orders: OrderParameters, x: float, observed: FloatArray, horizon_days: float = HORIZON_DAYS
) -> tuple[FloatArray, FloatArray]:
    """Give numbers of orders (from 1) in the next days and their probabilities if alive.

    `observed` has the length K; the probabilities have the shape (K, numbers).

    Large numbers come in blocks, represented by their middle, that are narrow beside the spread
    of the number of orders itself.
    """
    growth = 1 + np.clip(0.4 / np.sqrt(orders.r + x), 0.01, 0.08)
    blocks = np.log(1e9 / _SINGLE_COUNTS) / np.log(growth)
    starts = np.unique(
        np.concatenate(
            [
                np.arange(1.0, _SINGLE_COUNTS),
                np.round(_SINGLE_COUNTS * growth ** np.arange(np.ceil(blocks))),
            ]
        )
    )
    at_least = ORDER_MODELS[orders.model].orders_at_least(orders, x, observed, starts, horizon_days)
    needed = int(np.flatnonzero((at_least > _NEGLIGIBLE).any(axis=0))[-1]) + 2
    starts, at_least = starts[:needed], at_least[:, :needed]
    return (starts[:-1] + starts[1:] - 1) / 2, at_least[:, :-1] - at_least[:, 1:]
