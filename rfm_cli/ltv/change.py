"""A change in how customers behave from now on, for asking what it would be worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Factors on every customer's own rates from the as-of date on.

    `order_rate` multiplies how often the living order. `dropout` multiplies the probability to
    leave after an order (BG/NBD, MBG/NBD; never above 1) or the rate of leaving (Pareto/NBD).
    """

    order_rate: float = 1.0
    dropout: float = 1.0


AS_IS = Change()
