"""The parameters of the models: how customers order and stop, and what they spend."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from rfm_cli.ltv.counts import FloatArray

BgModel = Literal["mbg_nbd", "bg_nbd"]
ParetoModel = Literal["pareto_nbd"]
OrderModel = BgModel | ParetoModel

# A customer can drop out after each repeat order (BG/NBD) or after every order, the first
# included (MBG/NBD). This is the whole difference between the two models.
_CHANCES_AT_FIRST_ORDER: dict[BgModel, int] = {"mbg_nbd": 1, "bg_nbd": 0}


def dropout_chances(model: BgModel, repeat_orders: ArrayLike) -> FloatArray:
    """How often a customer with so many repeat orders could have dropped out."""
    return np.asarray(repeat_orders, dtype=np.float64) + _CHANCES_AT_FIRST_ORDER[model]


@dataclass(frozen=True)
class BgParameters:
    """Orders come at rate ~ Gamma(r, alpha); after a chance, dropout at p ~ Beta(a, b).

    `alpha` is in the time unit of the counts, the others have none.
    """

    model: BgModel
    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class ParetoParameters:
    """Orders come at rate ~ Gamma(r, alpha); dropout comes at rate ~ Gamma(s, beta).

    `alpha` and `beta` are in the time unit of the counts, the others have none.
    """

    r: float
    alpha: float
    s: float
    beta: float
    model: ParetoModel = field(default="pareto_nbd", init=False)


OrderParameters = BgParameters | ParetoParameters


@dataclass(frozen=True)
class SpendParameters:
    """Order amounts ~ Gamma(p, rate nu), nu ~ Gamma(q, rate v); `v` is in the money unit."""

    p: float
    q: float
    v: float
