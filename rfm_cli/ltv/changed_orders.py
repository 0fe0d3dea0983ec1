"""What is expected of living customers if their behaviour changes from the as-of date on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rfm_cli.ltv.change import Change
from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.forecast import DAYS_PER_MONTH, DAYS_PER_YEAR, discount_factor
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts
from rfm_cli.ltv.parameters import OrderParameters

MONTHS = (12, 36)


@dataclass(frozen=True, eq=False)
class ChangedOrders:
    """Of each history, given alive.

    orders   by number of months: discounted orders, each month's at its end
    staying  probability to be a customer still after a year
    """

    orders: dict[int, FloatArray]
    staying: FloatArray


def changed_orders(
    fits: Mapping[str, OrderParameters],
    groups: NDArray[Any],
    repeat_orders: FloatArray,
    observed_days: FloatArray,
    *,
    change: Change,
    annual_rate: float,
) -> ChangedOrders:
    """Forecast histories (x, T), each by the fit of its group."""
    found = ChangedOrders(
        {months: np.zeros(len(repeat_orders)) for months in MONTHS}, np.zeros(len(repeat_orders))
    )
    for group, parameters in fits.items():
        here = groups == group
        if not here.any():
            continue
        form = ORDER_MODELS[parameters.model]
        nodes = form.node_table(parameters, covered_order_counts(repeat_orders[here]))
        history = (parameters, nodes, repeat_orders[here], observed_days[here])
        total = before = np.zeros(int(here.sum()))
        for month in range(1, max(MONTHS) + 1):
            days = np.array(month * DAYS_PER_MONTH)
            until = form.expected_orders_alive(*history, days, change=change)
            total = total + discount_factor(month, annual_rate) * (until - before)
            before = until
            if month in MONTHS:
                found.orders[month][here] = total
        year = np.array(DAYS_PER_YEAR)
        found.staying[here] = form.staying_probability(*history, year, change=change)
    return found
