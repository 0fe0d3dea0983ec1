"""What Pareto/NBD expects of a customer: x repeat orders, t_x from first to last order, T observed.

Given alive at T, the order rate is Gamma(r+x, alpha+T) and the dropout rate Gamma(s, beta+T),
independent of each other; t_x says only whether the customer is alive.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, expit, exprel

from rfm_cli.ltv.change import AS_IS, Change
from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.departures import departures, unit_rule
from rfm_cli.ltv.nodes import NEAR, NodeTable, Reach
from rfm_cli.ltv.parameters import ParetoParameters


def probability_alive(
    parameters: ParetoParameters,
    repeat_orders: FloatArray,
    first_to_last_days: FloatArray,
    observed_days: FloatArray,
) -> FloatArray:
    """Return 1 / (1 + D), D being the odds of `departures.py`."""
    x, t_x, observed = np.broadcast_arrays(repeat_orders, first_to_last_days, observed_days)
    values = (parameters.r, parameters.alpha, parameters.s, parameters.beta)
    nodes = departures(values, x.ravel(), t_x.ravel(), observed.ravel())
    return np.asarray(expit(-nodes.log_odds)).reshape(x.shape)


def expected_orders_alive(
    parameters: ParetoParameters,
    _: NodeTable,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    days: FloatArray,
    *,
    change: Change = AS_IS,
) -> FloatArray:
    """Order rate times the days the customer is expected to stay of `days`; no nodes needed.

    Schmittlein, Morrison & Colombo (1987), equation 22, without P(alive); with the logarithm
    g = ln(1 + t/(beta+T)) the days are (beta+T) (1 - e^((1-s) g)) / (s-1), which is (beta+T) g at
    s = 1. Who leaves at c times the rate stays in t days 1/c of what others stay in c t.
    """
    growth = np.log1p(change.dropout * days / (parameters.beta + observed_days))
    stayed = (parameters.beta + observed_days) * growth * exprel((1 - parameters.s) * growth)
    rate = order_rate(parameters, repeat_orders, observed_days)
    return np.asarray(change.order_rate / change.dropout * rate * stayed)


def staying_probability(
    parameters: ParetoParameters,
    _: NodeTable,
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    days: FloatArray,
    *,
    change: Change = AS_IS,
) -> FloatArray:
    """Probability that a living customer is still one after `days`: ((beta+T)/(beta+T+t))^s."""
    growth = np.log1p(change.dropout * days / (parameters.beta + observed_days))
    return np.exp(-parameters.s * growth) + np.zeros(np.shape(repeat_orders))


def order_rate(
    parameters: ParetoParameters, repeat_orders: FloatArray, observed_days: FloatArray
) -> FloatArray:
    """Orders a day while alive, the mean of Gamma(r+x, alpha+T)."""
    return (parameters.r + repeat_orders) / (parameters.alpha + observed_days)


def orders_at_least(
    parameters: ParetoParameters,
    repeat_orders: float,
    observed_days: FloatArray,
    numbers: FloatArray,
    days: float,
) -> FloatArray:
    """P(at least so many orders in the next `days` | alive), observed days x numbers.

    Orders are negative binomial over the days stayed: all of them, or up to the day of leaving,
    which is taken at nodes of the logarithm of the waiting time.
    """
    shape = parameters.r + repeat_orders
    start, pace = parameters.beta + observed_days, parameters.alpha + observed_days
    span = np.log1p(days / start)
    nodes, weights = unit_rule()
    growth = np.append(nodes, 1.0)[:, None] * span  # the last: who stays all days
    chances = np.exp(-parameters.s * growth)
    chances[:-1] *= parameters.s * span * weights[:, None]
    stayed = start * np.expm1(growth)
    odds = stayed / (pace + stayed)
    return np.asarray(np.einsum("jk,jkn->kn", chances, betainc(numbers, shape, odds[..., None])))


def node_table(_: ParetoParameters, __: FloatArray, ___: Reach = NEAR) -> NodeTable:
    """No nodes: the expected orders of the living have a closed form."""
    none = np.empty(0)
    return NodeTable(none, none, none, none, max_error=0.0)
