"""Customers who behave exactly as the models say, for tests and benchmarks.

A day is one unit of time and starts at a whole number. Orders carry the day they fall on, as a
warehouse would record them; several orders on one day stay several orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rfm_cli.ltv.counts import FloatArray, OrderCounts, SpendCounts
from rfm_cli.ltv.parameters import (
    BgParameters,
    OrderParameters,
    ParetoParameters,
    SpendParameters,
    dropout_chances,
)


@dataclass(frozen=True, eq=False)
class Orders:
    """One entry per order, by customer and then by day; amounts are not rounded."""

    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: FloatArray


@dataclass(frozen=True, eq=False)
class Customers:
    """One entry per customer, summarised at the as-of date (times in days).

    `repeat_amount` is the total over the repeat orders. `future_orders` and `future_amount` are
    those of the `future_days` from the as-of date, which a warehouse would not know yet.
    """

    repeat_orders: FloatArray
    first_to_last_days: FloatArray
    observed_days: FloatArray
    repeat_amount: FloatArray
    future_orders: FloatArray
    future_amount: FloatArray

    def order_counts(self) -> OrderCounts:
        """Group equal order histories."""
        (x, t_x, observed), customers = _grouped(
            self.repeat_orders, self.first_to_last_days, self.observed_days
        )
        return OrderCounts(x, t_x, observed, customers)

    def spend_counts(self) -> SpendCounts:
        """Group equal spend, to the cent, of those who ordered again."""
        again = self.repeat_orders > 0
        (x, amount), customers = _grouped(
            self.repeat_orders[again], np.round(self.repeat_amount[again], 2)
        )
        return SpendCounts(x, amount, customers)


def simulate_orders(
    orders: OrderParameters,
    spend: SpendParameters,
    size: int,
    *,
    acquisition_days: int,
    total_days: int,
    seed: int,
) -> Orders:
    """Draw all orders of `size` customers from day 0 up to the day before `total_days`.

    First orders are spread evenly over the first `acquisition_days`. `spend.p` is the shape of
    each single amount. Memory: about 100 bytes per order.
    """
    random = np.random.default_rng(seed)
    start = random.random(size) * acquisition_days
    rate = random.gamma(orders.r, 1 / orders.alpha, size)
    span = total_days - start
    if isinstance(orders, ParetoParameters):
        span = np.minimum(span, _lifetimes(orders, size, random))
        arrivals = repeats = random.poisson(rate * span)
    else:
        allowed = _orders_before_dropout(orders, size, random)
        arrivals = random.poisson(rate * span)
        repeats = np.minimum(arrivals, allowed)

    customer = np.repeat(np.arange(size), repeats + 1)
    is_first = np.zeros(len(customer), dtype=bool)
    first_row = np.cumsum(repeats + 1) - repeats - 1
    is_first[first_row] = True
    # The first `repeats` of `arrivals` sorted uniforms: sums of exponentials over their total.
    gaps = random.exponential(size=len(customer))
    gaps[is_first] = 0.0
    sums = np.cumsum(gaps)
    sums -= np.repeat(sums[first_row], repeats + 1)
    last_row = first_row + repeats
    total = sums[last_row] + random.gamma(arrivals - repeats + 1.0)
    time = start[customer] + span[customer] * sums / total[customer]
    amount = random.gamma(spend.p, size=len(customer))
    amount /= random.gamma(spend.q, 1 / spend.v, size)[customer]
    day = np.minimum(time.astype(np.int64), total_days - 1)
    return Orders(customer.astype(np.int64), day, amount)


def _orders_before_dropout(
    orders: BgParameters, size: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Repeat orders before dropout: BG/NBD draws after each of them, MBG/NBD once before, too."""
    # Beta(a, b) by two gammas could be 0/0 for small a and b; numpy's beta is not.
    dropout = np.clip(random.beta(orders.a, orders.b, size), 1e-12, 1.0)
    return random.geometric(dropout) - int(dropout_chances(orders.model, 0))


def _lifetimes(
    orders: ParetoParameters, size: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Days from the first order to dropout."""
    dropout_rate = random.gamma(orders.s, 1 / orders.beta, size)
    return random.exponential(size=size) / np.maximum(dropout_rate, 1e-12)


def summarise(orders: Orders, *, as_of_day: int, future_days: int = 0) -> Customers:
    """Summarise at the start of `as_of_day`; customers who start later are left out."""
    size = int(orders.customer[-1]) + 1 if len(orders.customer) else 0
    past = orders.day < as_of_day
    future = ~past & (orders.day < as_of_day + future_days)
    past_customer, future_customer = orders.customer[past], orders.customer[future]
    order_count = np.bincount(past_customer, minlength=size)
    known = order_count > 0
    order_count = order_count[known]
    last_row = np.cumsum(order_count) - 1
    first_row = last_row - order_count + 1
    past_day, past_amount = orders.day[past], orders.amount[past]
    amount = np.bincount(past_customer, past_amount, minlength=size)[known]
    first_day = past_day[first_row]
    return Customers(
        repeat_orders=(order_count - 1).astype(np.float64),
        first_to_last_days=(past_day[last_row] - first_day).astype(np.float64),
        observed_days=(as_of_day - first_day).astype(np.float64),
        repeat_amount=np.where(order_count > 1, amount - past_amount[first_row], 0.0),
        future_orders=np.bincount(future_customer, minlength=size)[known].astype(np.float64),
        future_amount=np.bincount(future_customer, orders.amount[future], minlength=size)[
            known
        ].astype(np.float64),
    )


def simulate_customers(
    orders: OrderParameters,
    spend: SpendParameters,
    size: int,
    *,
    observed_days: int = 730,
    acquisition_days: int | None = None,
    future_days: int = 0,
    seed: int = 0,
) -> Customers:
    """Simulate `size` customers seen `observed_days` after the first of them started.

    They start over the first `acquisition_days` (all of the observed days unless given), so that
    a customer has been observed for between one day and `observed_days`.
    """
    drawn = simulate_orders(
        orders,
        spend,
        size,
        acquisition_days=acquisition_days or observed_days,
        total_days=observed_days + future_days,
        seed=seed,
    )
    return summarise(drawn, as_of_day=observed_days, future_days=future_days)


def _grouped(*columns: FloatArray) -> tuple[list[FloatArray], FloatArray]:
    """Distinct rows of the columns and how often each occurs."""
    order = np.lexsort(columns[::-1])
    ordered = [column[order] for column in columns]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = np.any([column[1:] != column[:-1] for column in ordered], axis=0)
    first = np.flatnonzero(is_new)
    counts = np.diff(np.append(first, len(order))).astype(np.float64)
    return [column[first] for column in ordered], counts
