"""Fits per group of customers, beside the fit of everybody: by partial pooling or by covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rfm_cli.ltv.counts import FloatArray, OrderCounts, SpendCounts
from rfm_cli.ltv.covariates import fit_effects, terms_of
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.fit import SPEND_PARAMETERS, modelled_spend
from rfm_cli.ltv.gamma_gamma import SpendLikelihood
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.newton import NoMaximumError, Objective
from rfm_cli.ltv.parameters import OrderParameters, SpendParameters
from rfm_cli.ltv.pooling import pool_groups

Pooling = Literal["partial", "covariates"]
POOLINGS: tuple[Pooling, ...] = ("partial", "covariates")

# Along what groups differ: the mean order rate r/alpha and how alike customers are in it, r; the
# same of dropout, a/b and a (s/beta and s). Of spend: the mean, nearly p v / q, then p and q.
_ORDER_BASIS = np.array(
    [[1.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0], [0.0, 0.0, 1.0, 0.0]]
)
_SPEND_BASIS = np.array([[1.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
# What covariates shift: the scale of the order rate, and what dropout depends on.
_SHIFTED_ORDERS = {"mbg_nbd": (1, 2, 3), "bg_nbd": (1, 2, 3), "pareto_nbd": (1, 3)}
_SHIFTED_SPEND = (2,)


@dataclass(frozen=True)
class Effect:
    """A value of an attribute multiplies a parameter by e^estimate."""

    term: str
    parameter: str
    estimate: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class GroupFits:
    """The fit of each group; `estimates` and `standard_errors` are groups x parameters.

    `covariances` are those of the log-parameters of each group with each, groups x groups x
    parameters x parameters: groups that lean on each other are wrong together. `effects` are those
    of covariates, `spreads` the standard deviations between groups of partial pooling, in
    logarithms: of the mean, and of how alike customers are.
    """

    estimates: dict[str, tuple[float, ...]]
    standard_errors: dict[str, tuple[float, ...]]
    covariances: FloatArray
    effects: list[Effect] = field(default_factory=list)
    spreads: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class _Shape:
    """The parameters of a model, their units, along what groups differ, what covariates shift."""

    names: Sequence[str]
    units: FloatArray
    basis: FloatArray
    shifted: Sequence[int]


def fit_order_groups(
    everybody: OrderParameters, groups: Mapping[str, OrderCounts], pooling: Pooling
) -> GroupFits:
    """Fit the order model of each group; `everybody` is the fit of all of them together.

    Raises FitRefused where groups that lean on each other have no best parameters either.
    """
    form = ORDER_MODELS[everybody.model]
    customers = {group: counts.customer_count for group, counts in groups.items()}
    days = sum(float(counts.customers @ counts.observed_days) for counts in groups.values())
    scale = days / sum(customers.values())
    units = np.array([scale if n in form.time_parameters else 1.0 for n in form.parameter_names])
    start = np.log([getattr(everybody, name) for name in form.parameter_names]) - np.log(units)
    likelihoods = [form.likelihood(counts, scale) for counts in groups.values()]
    shape = _Shape(form.parameter_names, units, _ORDER_BASIS, _SHIFTED_ORDERS[everybody.model])
    return _fit_groups(customers, likelihoods, start, shape, pooling)


def fit_spend_groups(
    everybody: SpendParameters, groups: Mapping[str, SpendCounts], pooling: Pooling
) -> GroupFits:
    """Fit Gamma-Gamma of each group; `everybody` is the fit of all of them together.

    A group where q is 1 or less, so that there is no mean, gets the parameters of everybody, with
    standard errors and covariances that are not numbers. Raises FitRefused as `fit_order_groups`
    does.
    """
    modelled = {group: modelled_spend(counts) for group, counts in groups.items()}
    customers = {group: counts.customer_count for group, counts in modelled.items()}
    scale = everybody.v
    likelihoods = [
        SpendLikelihood(
            SpendCounts(counts.repeat_orders, counts.repeat_amount / scale, counts.customers)
        )
        if len(counts.customers)
        else None
        for counts in modelled.values()
    ]
    start = np.log([everybody.p, everybody.q, 1.0])
    units = np.array([1.0, 1.0, scale])
    shape = _Shape(SPEND_PARAMETERS, units, _SPEND_BASIS, _SHIFTED_SPEND)
    fits = _fit_groups(customers, likelihoods, start, shape, pooling)
    for number, (group, (_, q, _)) in enumerate(fits.estimates.items()):
        if q <= 1:
            fits.covariances[number] = fits.covariances[:, number] = np.nan
            fits.estimates[group] = (everybody.p, everybody.q, everybody.v)
            fits.standard_errors[group] = (float("nan"),) * 3
    return fits


def _fit_groups(
    customers: Mapping[str, float],
    likelihoods: Sequence[Objective | None],
    start: FloatArray,
    shape: _Shape,
    pooling: Pooling,
) -> GroupFits:
    sizes = list(customers.values())
    effects: list[Effect] = []
    spreads: tuple[float, ...] = ()
    try:
        if pooling == "partial":
            pooled = pool_groups(likelihoods, sizes, start, shape.basis)
            points, covariances = pooled.points, pooled.covariances
            spreads = tuple(pooled.spreads.tolist())
        else:
            terms, indicators = terms_of(customers)
            found = fit_effects(likelihoods, sizes, start, indicators, shape.shifted)
            points, covariances = found.points, found.covariances
            effects = [
                Effect(term, shape.names[parameter], float(estimate), float(error))
                for term, estimates, errors in zip(
                    terms, found.estimates, found.standard_errors, strict=True
                )
                for parameter, estimate, error in zip(shape.shifted, estimates, errors, strict=True)
            ]
    except NoMaximumError as failure:
        raise FitRefused(
            "The groups of customers do not settle how they differ, so everybody shares one fit."
            " Fewer groups may help: see rfm_ltv_group_by and rfm_ltv_max_groups."
        ) from failure
    estimates = np.exp(points) * shape.units
    errors = estimates * np.sqrt(np.einsum("ggii->gi", covariances))
    return GroupFits(
        estimates=_by_group(customers, estimates),
        standard_errors=_by_group(customers, errors),
        covariances=covariances,
        effects=effects,
        spreads=spreads,
    )


def _by_group(groups: Mapping[str, float], rows: FloatArray) -> dict[str, tuple[float, ...]]:
    return {group: tuple(row) for group, row in zip(groups, rows.tolist(), strict=True)}
