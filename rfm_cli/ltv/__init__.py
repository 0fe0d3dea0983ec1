"""The learning: customer lifetime value from grouped counts. Arrays in, arrays out.

`counts` goes in, `learn` brings out what the fitted tables hold. In between: `models`, the one list
of order models, whose likelihoods are in `bg_nbd` and `pareto_nbd`, and what they expect in
`bg_forecast` (by the table lookup of `nodes`) and `pareto_forecast`; `gamma_gamma` for spend;
`newton` (maximum of a likelihood), `fit` (refusals, standard errors), `intervals`. `learn_groups`
does the same per group of customers, by `pooling` or `covariates`. `forecast`, `sums` (how far
sums of values may be off) and `simulate` are for explaining, testing and measuring.
"""

from __future__ import annotations

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.learn import LtvFit, learn_ltv
from rfm_cli.ltv.learn_groups import LtvGroupFit, learn_groups
from rfm_cli.ltv.parameters import BgParameters, OrderParameters, ParetoParameters, SpendParameters

__all__ = [
    "BgParameters",
    "FitRefused",
    "LtvFit",
    "LtvGroupFit",
    "OrderCounts",
    "OrderParameters",
    "ParetoParameters",
    "SpendCounts",
    "SpendParameters",
    "learn_groups",
    "learn_ltv",
]
