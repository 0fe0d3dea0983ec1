"""The learning: customer lifetime value from grouped counts. Arrays in, arrays out.

`counts` goes in, `learn` brings out what the fitted tables hold. In between: `bg_nbd` and
`gamma_gamma` (likelihoods), `newton` (their maximum), `fit` (refusals, standard errors), `nodes`
(expected orders by table lookup), `intervals`. `forecast` and `simulate` are for explaining,
testing and measuring.
"""

from __future__ import annotations

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.learn import LtvFit, learn_ltv
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters

__all__ = [
    "FitRefused",
    "LtvFit",
    "OrderCounts",
    "OrderParameters",
    "SpendCounts",
    "SpendParameters",
    "learn_ltv",
]
