"""What BG/NBD and MBG/NBD expect of a customer: x repeat orders, t_x first to last, T observed."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaln, expit

from rfm_cli.ltv.change import AS_IS, Change
from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.nodes import NodeTable, orders_of_the_living
from rfm_cli.ltv.parameters import BgParameters, dropout_chances


def probability_alive(
    parameters: BgParameters,
    repeat_orders: FloatArray,
    first_to_last_days: FloatArray,
    observed_days: FloatArray,
) -> FloatArray:
    """Batislam, Denizel & Filiztekin (2007); for BG/NBD it is 1 without a repeat order."""
    r, alpha, a, b = parameters.r, parameters.alpha, parameters.a, parameters.b
    chances = dropout_chances(parameters.model, repeat_orders)
    mortal = chances > 0
    log_odds_dead = np.log(a / (b + np.where(mortal, chances, 1) - 1)) + (r + repeat_orders) * (
        np.log(alpha + observed_days) - np.log(alpha + first_to_last_days)
    )
    return np.where(mortal, expit(-log_odds_dead), 1.0)


def expected_orders_alive(
    parameters: BgParameters,
    nodes: NodeTable,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    days: FloatArray,
    *,
    change: Change = AS_IS,
) -> FloatArray:
    """G(x, T; t) of `nodes.py`.

    Who orders f times as often lives through f times the days; leaving is a matter of p alone.
    """
    x, observed, horizon = np.broadcast_arrays(repeat_orders, observed_days, days)
    scaled_time = change.order_rate * horizon / (parameters.alpha + observed)
    orders = np.empty(x.shape)
    for count in np.unique(x):
        here = x == count
        points, weights = nodes.of(count)
        orders[here] = orders_of_the_living(
            np.minimum(change.dropout * points, 1),
            weights,
            np.full(here.sum(), parameters.r + count),
            scaled_time[here],
        )
    return orders


def staying_probability(
    parameters: BgParameters,
    nodes: NodeTable,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    days: FloatArray,
    *,
    change: Change = AS_IS,
) -> FloatArray:
    """Probability that a living customer is still one after `days`.

    Given p, orders that are the last come at the rate p l, l ~ Gamma(r+x, alpha+T): the mean over
    p of (1 + p t/(alpha+T))^-(r+x).
    """
    x, observed, horizon = np.broadcast_arrays(repeat_orders, observed_days, days)
    scaled_time = change.order_rate * horizon / (parameters.alpha + observed)
    staying = np.empty(x.shape)
    for count in np.unique(x):
        here = x == count
        points, weights = nodes.of(count)
        leaving = np.minimum(change.dropout * points, 1)
        log_growth = np.log1p(leaving * scaled_time[here][..., None])
        staying[here] = np.exp(-(parameters.r + count) * log_growth) @ weights
    return staying


def orders_at_least(
    parameters: BgParameters,
    repeat_orders: float,
    observed_days: FloatArray,
    numbers: FloatArray,
    days: float,
) -> FloatArray:
    """P(at least so many orders in the next `days` | alive), observed days x numbers.

    For n orders the customer must survive n - 1 chances to drop out: E[(1-p)^(n-1)] times the
    tail of a negative binomial.
    """
    a, b = parameters.a, parameters.b + float(dropout_chances(parameters.model, repeat_orders))
    scaled_time = days / (parameters.alpha + observed_days)
    odds = (scaled_time / (1 + scaled_time))[:, None]
    survives = np.exp(betaln(a, b + numbers - 1) - betaln(a, b))
    return np.asarray(survives * betainc(numbers, parameters.r + repeat_orders, odds))
