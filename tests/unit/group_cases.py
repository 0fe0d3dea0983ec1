"""What the tests of groups share: simulated groups, and all of them together."""

from __future__ import annotations

import numpy as np

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import SpendParameters
from rfm_cli.ltv.simulate import Customers, simulate_customers

SPEND = SpendParameters(6.25, 3.74, 15.4)


def simulated(model, logs, size, seed, spend=SPEND, **days) -> Customers:
    """Customers whose order model has these log-parameters."""
    parameters = ORDER_MODELS[model].parameters(*np.exp(logs))
    return simulate_customers(parameters, spend, size, seed=seed, **days)


def together(groups):
    """Counts of all groups, below each other."""
    counts = list(groups.values())
    kind = type(counts[0])
    names = {
        OrderCounts: ("repeat_orders", "first_to_last_days", "observed_days", "customers"),
        SpendCounts: ("repeat_orders", "repeat_amount", "customers"),
    }[kind]
    return kind(*(np.concatenate([getattr(one, name) for one in counts]) for name in names))
