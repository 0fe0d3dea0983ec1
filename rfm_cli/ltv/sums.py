"""How far a sum of 12-month values may lie from what is expected; the reference for the SQL.

The value of a customer is V = D S, S being the spend of the N orders of 365 days and D what
discounting leaves of it on average. Two things make a sum of values uncertain. Each customer's own
fate: customers are independent, so that variances add up. And the parameters, which are wrong for
all customers at once: the slopes of the values along the log-parameters add up to g, and with
their covariance C the variance is g' C g (delta method).

x repeat orders, t_x days from first to last order, T observed days, total amount of the repeat
orders; all arrays of one length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, exprel

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.departures import departures
from rfm_cli.ltv.forecast import DAYS_PER_MONTH, discount_factor
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import NodeTable
from rfm_cli.ltv.parameters import (
    BgParameters,
    OrderParameters,
    ParetoParameters,
    SpendParameters,
    dropout_chances,
)

HORIZON_DAYS = 365.0


@dataclass(frozen=True, eq=False)
class UncertainValues:
    """12-month values of n customers.

    value         (n)
    own_variance  (n) by the customer's own fate; infinite where spend has no variance
    slopes        (n, 7) of the value along the log-parameters: order model, then p, q, v
    """

    value: FloatArray
    own_variance: FloatArray
    slopes: FloatArray


@dataclass(frozen=True, eq=False)
class _Living:
    """What customers order in 365 days if they are alive.

    orders      (n) E[N]
    pairs       (n) E[N (N-1)]
    discounted  (n) orders of twelve months, each month discounted at its end
    slopes      (n, 4) of `discounted` along the log-parameters
    """

    orders: FloatArray
    pairs: FloatArray
    discounted: FloatArray
    slopes: FloatArray


def uncertain_values(
    orders: OrderParameters,
    spend: SpendParameters,
    nodes: NodeTable,
    history: tuple[FloatArray, FloatArray, FloatArray],
    repeat_amount: FloatArray,
    *,
    annual_rate: float = 0.10,
) -> UncertainValues:
    """Value, its variance and its slopes, of each customer; `history` are x, t_x and T."""
    repeat_orders, _, observed_days = history
    alive = ORDER_MODELS[orders.model].probability_alive(orders, *history)
    pairs, which = np.unique(np.array([repeat_orders, observed_days]), axis=1, return_inverse=True)
    which = which.ravel()
    if isinstance(orders, ParetoParameters):
        odds_slopes = _pareto_odds_slopes(orders, *history)
        living = _pareto_living(orders, pairs[0], pairs[1], annual_rate)
    else:
        odds_slopes = _bg_odds_slopes(orders, *history)
        living = _bg_living(orders, nodes, pairs[0], pairs[1], annual_rate)
    p, q, v = spend.p, spend.q, spend.v
    total = v + np.maximum(repeat_amount, 0)
    shape = p * repeat_orders + q
    mean = p * total / (shape - 1)
    value = alive * living.discounted[which] * mean
    along_orders = (
        living.slopes[which] / living.discounted[which, None] - (1 - alive)[:, None] * odds_slopes
    )
    along_spend = np.stack([(q - 1) / (shape - 1), -q / (shape - 1), v / total], axis=1)
    number, number_pairs = living.orders[which], living.pairs[which]
    with np.errstate(divide="ignore"):
        stretch = np.where(shape > 2, (shape - 1) / np.maximum(shape - 2, 0), np.inf)
    squares = mean**2 * stretch * (number_pairs + (1 + 1 / p) * number)
    shrink = living.discounted[which] / number
    return UncertainValues(
        value=value,
        own_variance=alive * shrink**2 * squares - value**2,
        slopes=value[:, None] * np.hstack([along_orders, along_spend]),
    )


def _horizons(annual_rate: float) -> tuple[FloatArray, FloatArray]:
    """Days and weights, so that the discounted orders of 12 months are the sum of weight * G."""
    factors = np.array([discount_factor(month, annual_rate) for month in range(1, 13)] + [0.0])
    months = np.arange(1.0, 13.0)
    return months * DAYS_PER_MONTH, np.asarray(factors[:-1] - factors[1:], dtype=np.float64)


def _bg_living(
    parameters: BgParameters,
    nodes: NodeTable,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    annual_rate: float,
) -> _Living:
    """Add up over the nodes p of the unknown dropout probability; k = r+x, w = p t/(alpha+T).

    E[N (N-1) | p] = 2 (1-p)/p^2 (1 - (1+w)^-k (1 + k w/(1+w))): of M orders that a negative
    binomial of shape k would bring, who stays after each with chance 1-p makes the first ones.
    """
    days, factors = _horizons(annual_rate)
    size = len(repeat_orders)
    sums = np.empty((3, size))
    slopes = np.empty((size, 4))
    for count in np.unique(repeat_orders):
        here = np.flatnonzero(repeat_orders == count)
        p, weight = nodes.of(count)
        k = parameters.r + count
        end = parameters.alpha + observed_days[here]
        w = p[:, None] * days / end[:, None, None]  # pairs x nodes x months
        log_growth = np.log1p(w)
        left = np.exp(-k * log_growth)
        of_node = (-np.expm1(-k * log_growth)) @ factors / p
        along_r = (left * log_growth) @ factors / p
        along_alpha = (left / (1 + w)) @ (factors * days) * (k / end[:, None] ** 2)
        at_none = (factors @ days) * k / end
        at_one = -np.expm1(-k * np.log1p(days / end[:, None])) @ factors
        year, log_year = w[:, :, -1], log_growth[:, :, -1]
        b = parameters.b + float(dropout_chances(parameters.model, count))
        log_p = np.log(p) - (digamma(parameters.a) - digamma(parameters.a + b))
        log_rest = np.log1p(-p) - (digamma(b) - digamma(parameters.a + b))
        sums[0, here] = (-np.expm1(-k * log_year) / p) @ weight
        sums[1, here] = _node_pairs(p, k, year) @ weight
        sums[2, here] = of_node @ weight
        slopes[here] = np.stack(
            [
                parameters.r * (along_r @ weight),
                -parameters.alpha * (along_alpha @ weight),
                parameters.a * ((of_node - at_none[:, None]) @ (weight * log_p)),
                parameters.b * ((of_node - at_one[:, None]) @ (weight * log_rest)),
            ],
            axis=1,
        )
    return _Living(sums[0], sums[1], sums[2], slopes)


def _node_pairs(p: FloatArray, k: float, w: FloatArray) -> FloatArray:
    """E[N (N-1) | p]; a series where w is so small that the difference would lose its digits."""
    plain = -np.expm1(-k * np.log1p(w)) - k * w * (1 + w) ** (-k - 1)
    series = k * (k + 1) * w**2 / 2 * (1 - (k + 2) * w * (2 / 3 - (k + 3) * w / 4))
    return np.asarray(2 * (1 - p) / p**2 * np.where(w * (k + 1) < 1e-4, series, plain))


def _bg_odds_slopes(
    parameters: BgParameters,
    repeat_orders: FloatArray,
    first_to_last_days: FloatArray,
    observed_days: FloatArray,
) -> FloatArray:
    """Slopes of the logarithm of the odds of being gone, along the log-parameters."""
    start, end = parameters.alpha + first_to_last_days, parameters.alpha + observed_days
    chances = np.maximum(dropout_chances(parameters.model, repeat_orders), 1)
    return np.stack(
        [
            parameters.r * np.log(end / start),
            parameters.alpha * (parameters.r + repeat_orders) * (1 / end - 1 / start),
            np.ones_like(end),
            -parameters.b / (parameters.b + chances - 1),
        ],
        axis=1,
    )


def _pareto_odds_slopes(
    parameters: ParetoParameters,
    repeat_orders: FloatArray,
    first_to_last_days: FloatArray,
    observed_days: FloatArray,
) -> FloatArray:
    """Means over the time u of leaving, by the derivative under the integral of the odds."""
    r, alpha, s, beta = parameters.r, parameters.alpha, parameters.s, parameters.beta
    nodes = departures((r, alpha, s, beta), repeat_orders, first_to_last_days, observed_days)
    weights = nodes.weights
    order_start, order_end = alpha + first_to_last_days, alpha + observed_days
    dropout_start, dropout_end = beta + first_to_last_days, beta + observed_days
    return np.stack(
        [
            r * (np.log(order_end / order_start) - (weights * nodes.order_growth).sum(axis=0)),
            alpha * (r + repeat_orders) * (1 / order_end - (weights / nodes.order_end).sum(axis=0)),
            1
            + s
            * (np.log(dropout_end / dropout_start) - (weights * nodes.dropout_growth).sum(axis=0)),
            beta * (s / dropout_end - (s + 1) * (weights / nodes.dropout_end).sum(axis=0)),
        ],
        axis=1,
    )


def _pareto_living(
    parameters: ParetoParameters,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    annual_rate: float,
) -> _Living:
    """Take closed forms: orders come at a rate of Gamma(r+x, alpha+T) over the days stayed, tau.

    So E[N (N-1)] = k (k+1) / (alpha+T)^2 E[tau^2]. With B = beta+T, g = ln(1 + t/B) and E(c) the
    integral of e^(c y) from 0 to g, E[tau] = B E(1-s) and E[tau^2] = 2 B^2 (E(2-s) - E(1-s)).
    """
    days, factors = _horizons(annual_rate)
    r, alpha, s, beta = parameters.r, parameters.alpha, parameters.s, parameters.beta
    k, end = r + repeat_orders, alpha + observed_days
    rate = k / end
    start = (beta + observed_days)[:, None]
    growth = np.log1p(days / start)
    integral = growth * exprel((1 - s) * growth)
    stayed = start * integral
    last = growth[:, -1]
    squares = 2 * start[:, 0] ** 2 * last
    squares *= exprel((2 - s) * last) - exprel((1 - s) * last)
    # E[tau] stays in proportion when B and t are stretched together, which gives its slope by B.
    by_start = (stayed - days * np.exp(-s * growth)) / start
    by_s = -start * _first_moment(1 - s, growth)
    living = rate * (stayed @ factors)
    return _Living(
        orders=rate * stayed[:, -1],
        pairs=rate * (k + 1) / end * squares,
        discounted=living,
        slopes=np.stack(
            [
                living * r / k,
                -living * alpha / end,
                s * rate * (by_s @ factors),
                beta * rate * (by_start @ factors),
            ],
            axis=1,
        ),
    )


def _first_moment(c: float, growth: FloatArray) -> FloatArray:
    """Integral of y e^(c y) from 0 to `growth`; a series where c is close to 0."""
    if np.abs(c * growth).max() < 1e-3:
        step = c * growth
        return np.asarray(growth**2 * (1 / 2 + step / 3 + step**2 / 8 + step**3 / 30))
    return np.asarray(growth * (np.exp(c * growth) - exprel(c * growth)) / c)
