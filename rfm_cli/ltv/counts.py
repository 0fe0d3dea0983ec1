"""What the models learn from: customers counted by equal history.

Grouping loses nothing, because customers with equal histories have equal likelihoods, and it keeps
the input small: a million customers make about 670,000 groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OrderCounts:
    """Customers by order history; four arrays of one length, one entry per group.

    `repeat_orders` counts the orders after the first. `first_to_last_days` runs from the first to
    the last order (0 without a repeat order), `observed_days` from the first order to the as-of
    date. Times may be in any unit, as long as it is one. Raises ValueError for impossible counts.
    """

    repeat_orders: FloatArray
    first_to_last_days: FloatArray
    observed_days: FloatArray
    customers: FloatArray

    def __post_init__(self) -> None:
        _store_columns(self, ("repeat_orders", "first_to_last_days", "observed_days", "customers"))
        _require_whole(self.repeat_orders, "repeat_orders")
        _require(self.first_to_last_days >= 0, "first_to_last_days is never negative")
        _require(
            self.first_to_last_days <= self.observed_days,
            "first_to_last_days is at most observed_days",
        )
        _require(
            (self.repeat_orders > 0) | (self.first_to_last_days == 0),
            "first_to_last_days is 0 without a repeat order",
        )
        _require(self.customers > 0, "every group has customers")

    @property
    def customer_count(self) -> float:
        """All customers."""
        return float(self.customers.sum())

    @property
    def repeat_customer_count(self) -> float:
        """Customers who ordered again."""
        return float(self.customers[self.repeat_orders > 0].sum())

    def select(self, keep: NDArray[np.bool_]) -> OrderCounts:
        """Return the groups where `keep` is true."""
        return OrderCounts(
            self.repeat_orders[keep],
            self.first_to_last_days[keep],
            self.observed_days[keep],
            self.customers[keep],
        )

    def part(self, every: int) -> OrderCounts:
        """Return each `every`-th group, a look at the whole for little work."""
        return OrderCounts(
            self.repeat_orders[::every],
            self.first_to_last_days[::every],
            self.observed_days[::every],
            self.customers[::every],
        )


@dataclass(frozen=True, eq=False)
class SpendCounts:
    """Customers by spend on their repeat orders; three arrays of one length, one entry per group.

    `repeat_amount` is the total (not the mean) over the repeat orders, in any one currency unit;
    it may be zero or negative, as margins are. Raises ValueError for impossible counts.
    """

    repeat_orders: FloatArray
    repeat_amount: FloatArray
    customers: FloatArray

    def __post_init__(self) -> None:
        _store_columns(self, ("repeat_orders", "repeat_amount", "customers"))
        _require_whole(self.repeat_orders, "repeat_orders")
        _require(self.repeat_orders >= 1, "spend counts hold repeat customers only")
        _require(self.customers > 0, "every group has customers")

    @property
    def customer_count(self) -> float:
        """All customers of these counts."""
        return float(self.customers.sum())

    @property
    def mean_amount(self) -> FloatArray:
        """Mean amount per repeat order of each group."""
        return self.repeat_amount / self.repeat_orders

    def select(self, keep: NDArray[np.bool_]) -> SpendCounts:
        """Return the groups where `keep` is true."""
        return SpendCounts(self.repeat_orders[keep], self.repeat_amount[keep], self.customers[keep])

    def part(self, every: int) -> SpendCounts:
        """Return each `every`-th group, a look at the whole for little work."""
        return SpendCounts(
            self.repeat_orders[::every], self.repeat_amount[::every], self.customers[::every]
        )


def _store_columns(counts: OrderCounts | SpendCounts, names: tuple[str, ...]) -> None:
    """Store each column as a one-dimensional float array; all finite, all of one length."""
    columns = [_as_column(getattr(counts, name), name) for name in names]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("counts: all columns have one length")
    for name, column in zip(names, columns, strict=True):
        object.__setattr__(counts, name, column)


def _as_column(values: ArrayLike, name: str) -> FloatArray:
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != 1:
        raise ValueError(f"counts: {name} has one dimension")
    _require(np.isfinite(column), f"{name} is finite")
    return column


def _require_whole(column: FloatArray, name: str) -> None:
    _require((column >= 0) & (column == np.floor(column)), f"{name} is a whole number from 0")


def _require(holds: NDArray[np.bool_], claim: str) -> None:
    if not holds.all():
        raise ValueError(f"counts: {claim}; it fails for {int((~holds).sum())} groups")
