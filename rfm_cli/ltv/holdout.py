"""One cut of the orders: what was known of each customer before it, and what came after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from rfm_cli.ltv.counts import FloatArray, OrderCounts, SpendCounts


@dataclass(frozen=True, eq=False)
class Holdout:
    """One entry per customer who ordered before the cut; times in days, money in one currency.

    repeat_orders, first_to_last_days, observed_days, repeat_amount: x, t_x, T and x times m at
        the cut
    revenue_amount: all they spent before the cut
    period_orders, period_amount: of the `days` before the cut, the very first order left out
    third_orders, third_amount: the same of the `third_days` before the cut
    future_orders, future_amount: of the `days` from the cut on, the hold-out
    """

    cut_date: date
    days: int
    third_days: int
    repeat_orders: FloatArray
    first_to_last_days: FloatArray
    observed_days: FloatArray
    revenue_amount: FloatArray
    repeat_amount: FloatArray
    period_orders: FloatArray
    period_amount: FloatArray
    third_orders: FloatArray
    third_amount: FloatArray
    future_orders: FloatArray
    future_amount: FloatArray

    @property
    def customer_count(self) -> int:
        """Customers known at the cut."""
        return len(self.repeat_orders)

    @property
    def recency_days(self) -> FloatArray:
        """Days from the last order to the cut."""
        return self.observed_days - self.first_to_last_days

    @property
    def mean_order_amount(self) -> FloatArray:
        """Mean over all orders before the cut."""
        return self.revenue_amount / (self.repeat_orders + 1)

    @property
    def mean_repeat_amount(self) -> FloatArray:
        """m: 0 without a repeat order; repeat orders that add up to less than nothing say nothing.

        As the warehouse scores.
        """
        return np.maximum(self.repeat_amount, 0) / np.maximum(self.repeat_orders, 1)

    def actual(self, measure: str) -> FloatArray:
        """Return what came: 'orders' or 'value'."""
        return self.future_orders if measure == "orders" else self.future_amount

    def order_counts(self) -> OrderCounts:
        """Return what order models learn from."""
        return OrderCounts(
            self.repeat_orders,
            self.first_to_last_days,
            self.observed_days,
            np.ones(self.customer_count),
        )

    def spend_counts(self) -> SpendCounts:
        """Return what Gamma-Gamma learns from."""
        again = self.repeat_orders > 0
        return SpendCounts(
            self.repeat_orders[again], self.repeat_amount[again], np.ones(again.sum())
        )
