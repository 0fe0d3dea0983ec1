"""What the fitted models expect of a customer; the reference for the SQL that scores them all.

x repeat orders, t_x days from first to last order, T observed days, m mean amount per repeat
order. All functions take arrays that broadcast together, and return their common shape.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.departures import unit_rule
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import NodeTable
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters

DAYS_PER_MONTH = 365 / 12
DAYS_PER_YEAR = 365.0

_ENDLESS_NODES = 96
_ENDLESS_FALL = 40.0  # what is discounted by e^-40 is left out
_SHORTEST_DAYS = 0.01


def probability_alive(
    parameters: OrderParameters,
    repeat_orders: ArrayLike,
    first_to_last_days: ArrayLike,
    observed_days: ArrayLike,
) -> FloatArray:
    """Probability that the customer has not dropped out by the as-of date."""
    return ORDER_MODELS[parameters.model].probability_alive(
        parameters, *_floats(repeat_orders, first_to_last_days, observed_days)
    )


def expected_orders_alive(
    parameters: OrderParameters,
    nodes: NodeTable,
    repeat_orders: ArrayLike,
    observed_days: ArrayLike,
    days: ArrayLike,
) -> FloatArray:
    """Orders in the next `days` of a customer known to be alive; `nodes` are the model's."""
    return ORDER_MODELS[parameters.model].expected_orders_alive(
        parameters, nodes, *_floats(repeat_orders, observed_days, days)
    )


def expected_orders(
    parameters: OrderParameters,
    nodes: NodeTable,
    repeat_orders: ArrayLike,
    first_to_last_days: ArrayLike,
    observed_days: ArrayLike,
    *,
    days: ArrayLike,
) -> FloatArray:
    """Orders expected in the `days` after the as-of date."""
    alive = probability_alive(parameters, repeat_orders, first_to_last_days, observed_days)
    return alive * expected_orders_alive(parameters, nodes, repeat_orders, observed_days, days)


def discounted_expected_orders(
    parameters: OrderParameters,
    nodes: NodeTable,
    repeat_orders: ArrayLike,
    first_to_last_days: ArrayLike,
    observed_days: ArrayLike,
    *,
    months: int = 12,
    annual_rate: float = 0.10,
) -> FloatArray:
    """Orders expected in the next `months`, each discounted from the end of its month.

    A month is 365/12 days; `annual_rate` is per year.
    """
    alive = probability_alive(parameters, repeat_orders, first_to_last_days, observed_days)
    total = np.zeros(())
    before = np.zeros(())
    for month in range(1, months + 1):
        until = expected_orders_alive(
            parameters, nodes, repeat_orders, observed_days, month * DAYS_PER_MONTH
        )
        total = total + discount_factor(month, annual_rate) * (until - before)
        before = until
    return alive * total


def residual_orders(
    parameters: OrderParameters,
    far_nodes: NodeTable,
    repeat_orders: ArrayLike,
    first_to_last_days: ArrayLike,
    observed_days: ArrayLike,
    *,
    annual_rate: float,
) -> FloatArray:
    """Discounted expected residual orders: all that are still to come, discounted continuously.

    Fader, Hardie & Lee (2005), "RFM and CLV: using iso-value curves", equation 2, is P(alive)
    times the integral of e^(-delta t) dG(t), delta = ln(1 + annual_rate) / 365: by parts that of
    delta e^(-delta t) G(t) dt, taken in ln t. `far_nodes` are those of `nodes.FAR`. Raises
    ValueError where the rate is not positive: undiscounted the integral can be infinite.
    """
    if not annual_rate > 0:
        raise ValueError("annual_rate: orders without end need a rate above 0")
    delta = np.log1p(annual_rate) / DAYS_PER_YEAR
    nodes, weights = unit_rule(_ENDLESS_NODES)
    span = np.log1p(_ENDLESS_FALL / delta / _SHORTEST_DAYS)
    total = np.zeros(())
    for node, weight in zip(nodes, weights, strict=True):
        shifted = _SHORTEST_DAYS * np.exp(span * node)
        days = shifted - _SHORTEST_DAYS
        orders = expected_orders_alive(parameters, far_nodes, repeat_orders, observed_days, days)
        total = total + weight * span * shifted * delta * np.exp(-delta * days) * orders
    alive = probability_alive(parameters, repeat_orders, first_to_last_days, observed_days)
    return np.asarray(alive * total)


def discount_factor(month: int, annual_rate: float) -> float:
    """Value today of 1 at the end of the `month`-th month from now."""
    return float((1 + annual_rate) ** (-month / 12))


def expected_order_value(
    parameters: SpendParameters, repeat_orders: ArrayLike, mean_amount: ArrayLike
) -> FloatArray:
    """Mean amount of the customer's future orders; Fader & Hardie (2013), equation 5.

    Without a repeat order `mean_amount` plays no part and the answer is the mean of all customers.
    """
    p, q, v = parameters.p, parameters.q, parameters.v
    x = np.asarray(repeat_orders, dtype=np.float64)
    amount = np.where(x > 0, x * np.asarray(mean_amount, dtype=np.float64), 0.0)
    return p * (v + amount) / (p * x + q - 1)


def _floats(*columns: ArrayLike) -> list[FloatArray]:
    return [np.asarray(column, dtype=np.float64) for column in columns]
