"""What a model, fitted to what was known at a cut, expects of the hold-out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.forecast import (
    expected_order_value,
    expected_orders_alive,
    probability_alive,
)
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.intervals import HORIZON_DAYS, interval_table
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts
from rfm_cli.ltv.parameters import OrderModel

_BLOCK = 65_536  # customers worked on at a time
_LOWER_TAIL, _UPPER_TAIL = 0.95, 0.05
_SMALLEST_CHANCE = 1e-300  # of being alive; many orders long ago make it 0


@dataclass(frozen=True, eq=False)
class ModelForecast:
    """One entry per customer; `value` is money, undiscounted.

    orders, value, lower, upper  of the hold-out; the bounds are those of the value at 90 %
    yearly_orders, yearly_value  of the 365 days from the cut on
    """

    orders: FloatArray
    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    yearly_orders: FloatArray
    yearly_value: FloatArray


def forecast_holdout(cut: Holdout, model: OrderModel) -> ModelForecast:
    """Fit an order model and Gamma-Gamma before the cut and forecast every customer.

    The interval is looked up as the warehouse does, for the days of the hold-out. Raises
    FitRefused where the data before the cut support no fit.
    """
    orders = fit_orders(cut.order_counts(), model).parameters
    spend = fit_spend(cut.spend_counts()).parameters
    x, t_x, observed = cut.repeat_orders, cut.first_to_last_days, cut.observed_days
    nodes = ORDER_MODELS[model].node_table(orders, covered_order_counts(x))
    table = interval_table(orders, spend, float(x.max()), float(observed.max()), float(cut.days))
    amounts = expected_order_value(spend, x, cut.mean_repeat_amount)

    columns = np.empty((4, cut.customer_count))
    for start in range(0, cut.customer_count, _BLOCK):
        b = slice(start, start + _BLOCK)
        alive = probability_alive(orders, x[b], t_x[b], observed[b])
        some_chance = np.maximum(alive, _SMALLEST_CHANCE)
        living = expected_orders_alive(orders, nodes, x[b], observed[b], cut.days)
        yearly = expected_orders_alive(orders, nodes, x[b], observed[b], HORIZON_DAYS)
        columns[:, b] = (
            alive * living,
            alive * yearly,
            living * amounts[b] * table.ratio(x[b], observed[b], _LOWER_TAIL / some_chance),
            living * amounts[b] * table.ratio(x[b], observed[b], _UPPER_TAIL / some_chance),
        )
    expected, yearly_orders, lower, upper = columns
    return ModelForecast(
        orders=expected,
        value=expected * amounts,
        lower=lower,
        upper=upper,
        yearly_orders=yearly_orders,
        yearly_value=yearly_orders * amounts,
    )
