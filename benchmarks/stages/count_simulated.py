"""Counts the groups of equal customers in simulations larger than what an engine was measured on.

The customers are those of make_orders.py; no orders are kept, only the distinct groups. They are
drawn in parts of 250,000: all sizes but the largest must be whole parts.

    python count_simulated.py CUSTOMERS,CUSTOMERS
"""

from __future__ import annotations

import json
import sys

import numpy as np
from make_orders import PART_CUSTOMERS, SEED, TOTAL_DAYS, draw, with_mean_orders

ORDERS_PER_CUSTOMER = 10.0
# Bits for a number of days, and for an amount in cents.
DAY_BITS, CENT_BITS = 11, 40
MERGED_PARTS = 8


def groups_of(customers: int, seed: int, truth: object) -> dict[str, np.ndarray]:
    """Return the distinct groups of one part, each as one number."""
    orders = draw(truth, customers, seed)
    order = np.lexsort((orders.day, orders.customer))
    customer, day = orders.customer[order], orders.day[order].astype(np.int64)
    cents = np.maximum(np.rint(orders.amount[order] * 100), 1).astype(np.int64)
    first = np.flatnonzero(np.r_[True, customer[1:] != customer[:-1]])
    last = np.r_[first[1:], len(customer)] - 1
    repeats = (last - first).astype(np.int64)
    observed, between = TOTAL_DAYS - day[first], day[last] - day[first]
    revenue = np.add.reduceat(cents, first)
    has_repeats = repeats > 0
    # Of several orders on the first day the earliest in the day is the first; here any of them.
    repeat_cents = (revenue - cents[first])[has_repeats]
    pairs = repeats << DAY_BITS | observed
    return {
        "order_groups": np.unique(pairs << DAY_BITS | between),
        "lookup_pairs": np.unique(pairs),
        "order_counts": np.unique(repeats),
        "spend_groups": np.unique(repeats[has_repeats] << CENT_BITS | repeat_cents),
        "monetary_values": np.unique(revenue),
    }


def main(sizes: list[int]) -> None:
    if any(size % PART_CUSTOMERS for size in sizes if size < max(sizes)):
        sys.exit(f"all sizes but the largest must be multiples of {PART_CUSTOMERS:,}")
    truth = with_mean_orders(ORDERS_PER_CUSTOMER)
    found: dict[str, np.ndarray] = {}
    waiting: list[dict[str, np.ndarray]] = []
    done = 0
    for number, first in enumerate(range(0, max(sizes), PART_CUSTOMERS)):
        stop = min(first + PART_CUSTOMERS, max(sizes))
        waiting.append(groups_of(stop - first, SEED + number, truth))
        done = stop
        if len(waiting) == MERGED_PARTS or done in sizes:
            parts = [*([found] if found else []), *waiting]
            found = {name: np.unique(np.concatenate([p[name] for p in parts])) for name in parts[0]}
            waiting = []
        if done in sizes:
            counts = {name: len(groups) for name, groups in found.items()}
            print(json.dumps({"customers": done, **counts}), flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1].split(",")])
