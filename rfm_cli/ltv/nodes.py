"""Quadrature over the unknown dropout probability: few nodes, one set per repeat order count.

The orders a living customer with x repeat orders is still to place in t days are

    G(x, T; t) = E_p[(1 - (1 + p z)^-(r+x)) / p],   z = t / (alpha+T),   p ~ Beta(a, b+y),

y being the chances to drop out that the customer has survived (x, or x + 1 in MBG/NBD). The nodes
and weights of this mean do not depend on T or t, so that any database can look them up.

The integrand changes at p = 1 / ((r+x) z), often far below the mean of p, where Gauss-Jacobi in p
has few nodes. So p = c s / (1 - (1-c) s), which leaves (0, 1) in place and has half of it below
p = c. Gauss-Jacobi in s for Beta(a, b+y at x = 0) serves every x; only its weights and c change.
For a customer of one day and a horizon of three years 32 nodes reach 1e-11 where 128 nodes in p
reach 1e-1. Golub & Welsch (1969) for the nodes; the map is due to this package.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.parameters import BgParameters, dropout_chances

_PULLS = 1.5 ** np.arange(-1, 11)  # tried for each order count, as multiples of a guess at c
_SHORTER_HORIZONS = np.array([1.0, 0.1, 0.01, 0.001])
_NEGLIGIBLE_WEIGHT = 1e-20


@dataclass(frozen=True)
class Reach:
    """How far ahead nodes are right.

    G of up to `days` has a relative error of at most `tolerance`. `node_counts` are tried. Order
    counts up to `every_count` have nodes each; beyond, those seen and a ladder in steps of 2 %.
    """

    days: float
    tolerance: float
    node_counts: tuple[int, ...]
    every_count: int


# Three years and a bit. Far ahead p close to 0 is what counts, which takes several times as many
# nodes; what comes after 200,000 days counts 2e-5 at 2 % a year, and lies on the same curve.
NEAR = Reach(1095.0, 1e-11, (8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128), 2000)
FAR = Reach(200_000.0, 1e-10, (64, 96, 128), 50)


@dataclass(frozen=True, eq=False)
class NodeTable:
    """Nodes of all order counts, in columns; the weights of each order count sum to 1.

    `max_error` is the largest relative error of G, over all order counts, for a customer observed
    for one day and horizons up to the reach, judged by twice as many nodes.
    """

    repeat_order_count: FloatArray
    node_number: FloatArray
    dropout_probability: FloatArray
    weight: FloatArray
    max_error: float

    def columns(self) -> dict[str, NDArray[np.float64] | NDArray[np.int64]]:
        """Return the columns as the warehouse stores them."""
        return {
            "repeat_order_count": self.repeat_order_count.astype(np.int64),
            "node_number": self.node_number.astype(np.int64),
            "dropout_probability": self.dropout_probability,
            "weight": self.weight,
        }

    def of(self, repeat_orders: float) -> tuple[FloatArray, FloatArray]:
        """Nodes and weights of the nearest order count that is not above `repeat_orders`."""
        counts = self.repeat_order_count
        rung = counts[np.searchsorted(counts, repeat_orders, side="right") - 1]
        mine = slice(np.searchsorted(counts, rung), np.searchsorted(counts, rung, side="right"))
        return self.dropout_probability[mine], self.weight[mine]


def node_table(
    parameters: BgParameters, repeat_orders: FloatArray, reach: Reach = NEAR
) -> NodeTable:
    """Nodes for each of `repeat_orders` (ascending), as few as reach the tolerance."""
    todo = np.arange(len(repeat_orders))
    nodes: list[tuple[FloatArray, FloatArray]] = [(np.empty(0), np.empty(0))] * len(repeat_orders)
    errors = np.full(len(repeat_orders), np.inf)
    for count in reach.node_counts:
        points, weights, error = _best_pull(parameters, repeat_orders[todo], count, reach.days)
        for row, index in enumerate(todo):
            if error[row] < errors[index]:
                errors[index] = error[row]
                keep = weights[row] > _NEGLIGIBLE_WEIGHT
                nodes[index] = points[row, keep], weights[row, keep] / weights[row, keep].sum()
        todo = todo[errors[todo] > reach.tolerance]
        if not len(todo):
            break
    # Where p is nearly the same for all, a customer with many more chances than they would
    # survive lies outside what the nodes of x = 0 reach.
    for index in todo:
        points, weights, own_error = _own_rule(parameters, repeat_orders[index : index + 1], reach)
        if own_error < errors[index]:
            errors[index], nodes[index] = own_error, (points, weights)
    lengths = [len(points) for points, _ in nodes]
    return NodeTable(
        repeat_order_count=np.repeat(repeat_orders, lengths),
        node_number=np.concatenate([np.arange(1.0, length + 1) for length in lengths]),
        dropout_probability=np.concatenate([points for points, _ in nodes]),
        weight=np.concatenate([weights for _, weights in nodes]),
        max_error=float(errors.max()),
    )


def covered_order_counts(counts: FloatArray, reach: Reach = NEAR) -> FloatArray:
    """List the order counts to make nodes for, given those of today's customers.

    Up to a quarter above the highest, so that customers may order on before the next fit.
    """
    highest = np.ceil(1.25 * counts.max()) + 10
    if highest <= reach.every_count:
        return np.arange(highest + 1)
    ladder = np.ceil(1.02 ** np.arange(np.ceil(np.log(highest) / np.log(1.02)) + 1))
    return np.unique(np.concatenate([[0.0], ladder, counts]))


def orders_of_the_living(
    nodes: FloatArray, weights: FloatArray, shape: FloatArray, scaled_time: FloatArray
) -> FloatArray:
    """G for `shape` r+x and `scaled_time` t/(alpha+T); nodes lie along the last axis."""
    log_growth = np.log1p(nodes * scaled_time[..., None])
    return np.asarray((-np.expm1(-shape[..., None] * log_growth) / nodes * weights).sum(axis=-1))


def _best_pull(
    parameters: BgParameters, repeat_orders: FloatArray, count: int, days: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Nodes, weights (order counts x nodes) and errors at the best of several c."""
    shape = parameters.r + repeat_orders
    longest = days / (parameters.alpha + 1)
    best_points = best_weights = np.zeros((len(shape), count))
    best_error = np.full(len(shape), np.inf)
    # Between 1/z, where the integrand bends, and 1; both shrink with the mean of p as x grows.
    guess = np.sqrt((1 + parameters.a) / longest) / (1 + repeat_orders / max(1.0, parameters.b))
    for pull in _PULLS:
        half = np.minimum(1.0, pull * guess)
        points, weights = _mapped_rule(parameters, repeat_orders, half, count)
        finer = _mapped_rule(parameters, repeat_orders, half, 2 * count)
        error = _worst_error((points, weights), finer, shape, longest)
        better = error < best_error
        best_error = np.where(better, error, best_error)
        best_points = np.where(better[:, None], points, best_points)
        best_weights = np.where(better[:, None], weights, best_weights)
    return best_points, best_weights, best_error


def _own_rule(
    parameters: BgParameters, repeat_orders: FloatArray, reach: Reach
) -> tuple[FloatArray, FloatArray, float]:
    """Nodes, weights and error of Gauss-Jacobi for the one order count in `repeat_orders`."""
    b = parameters.b + float(dropout_chances(parameters.model, repeat_orders[0]))
    count = reach.node_counts[-1] // 2
    rule, finer = (gauss_jacobi(parameters.a, b, n) for n in (count, 2 * count))
    longest = reach.days / (parameters.alpha + 1)
    return *rule, float(_worst_error(rule, finer, parameters.r + repeat_orders, longest)[0])


def _worst_error(
    rule: tuple[FloatArray, FloatArray],
    finer: tuple[FloatArray, FloatArray],
    shape: FloatArray,
    longest: float,
) -> FloatArray:
    """Return the largest relative error of G up to the longest horizon, of each order count."""
    error = np.zeros(len(shape))
    for horizon in longest * _SHORTER_HORIZONS:
        time = np.full(len(shape), horizon)
        coarse, fine = (orders_of_the_living(*nodes, shape, time) for nodes in (rule, finer))
        error = np.fmax(error, np.abs(coarse / fine - 1))
    return error


def _mapped_rule(
    parameters: BgParameters, repeat_orders: FloatArray, half: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights for p ~ Beta(a, b+y), half of the range of s lying below p = `half`."""
    a = parameters.a
    b = parameters.b + float(dropout_chances(parameters.model, 0))
    s, base_weights = gauss_jacobi(a, b, count)
    stretch = 1 - (1 - half[:, None]) * s
    # The density of s over that of Beta(a, b), up to a constant.
    log_ratio = repeat_orders[:, None] * np.log1p(-s) - (a + b + repeat_orders)[:, None] * np.log(
        stretch
    )
    weights = base_weights * np.exp(log_ratio - log_ratio.max(axis=1, keepdims=True))
    return half[:, None] * s / stretch, weights / weights.sum(axis=1, keepdims=True)


def gauss_jacobi(a: float, b: float, count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights for the mean over Beta(a, b); exact for polynomials to 2 count - 1."""
    n = np.arange(1.0, count)
    # The three-term recurrence on (0, 1) as a birth-death chain: no subtraction but a - 1.
    up = np.append(a / (a + b), (n + a) * (n + a + b - 1) / ((2 * n + a + b - 1) * (2 * n + a + b)))
    down = np.append(0.0, n * (n + b - 1) / ((2 * n + a + b - 2) * (2 * n + a + b - 1)))
    nodes, vectors = eigh_tridiagonal(up + down, np.sqrt(up[:-1] * down[1:]))
    weights = vectors[0] ** 2
    return nodes, weights / weights.sum()
