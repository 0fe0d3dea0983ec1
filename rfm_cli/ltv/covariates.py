"""Covariates: what is known of customers shifts their parameters, by the same factor everywhere.

Fader & Hardie (2007), "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD
models": alpha, and what dropout depends on, are multiplied by e^(c'z). The z here are categories,
so customers with equal values are a group, and group g has the log-parameters

    theta_g = X_g phi,   phi = (theta_0, c)

of which value, gradient and Hessian of the likelihood follow by the chain rule from those of the
groups. Each c has a weak prior, Normal(0, 1): values of which the data tell nothing (no customer
with them came back) have no effect, instead of an infinite one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.newton import Derivatives, Objective, maximise

_EFFECT_VARIANCE = 1.0


@dataclass(frozen=True, eq=False)
class Effects:
    """Log-parameters of G groups, k each, and the effects that make them.

    points          (G, k)
    covariances     (G, G, k, k) of each group with each
    estimates       (terms, shifted parameters) logarithms of factors
    standard_errors of them
    """

    points: FloatArray
    covariances: FloatArray
    estimates: FloatArray
    standard_errors: FloatArray


def fit_effects(
    likelihoods: Sequence[Objective | None],
    sizes: Sequence[float],
    start: FloatArray,
    indicators: FloatArray,
    shifted: Sequence[int],
) -> Effects:
    """Maximise the likelihood of all groups together.

    Args:
        likelihoods: mean log-likelihood per customer of the log-parameters, of each group; None of
            a group that tells nothing.
        sizes: customers of each group.
        start: log-parameters to start from, those of everybody.
        indicators: z, 0 or 1, groups x terms.
        shifted: the positions of the parameters that the terms shift.

    Raises NoMaximumError where there is no maximum.
    """
    width, terms = len(start), indicators.shape[1]
    designs = np.stack([design_of(row, width, shifted) for row in indicators])
    none = np.zeros(terms * len(shifted))
    likelihood = effects_likelihood(likelihoods, sizes, designs, width)
    maximum = maximise(likelihood, [np.concatenate([start, none])])
    covariance = np.linalg.inv(-maximum.hessian * sum(sizes))
    shape = (terms, len(shifted))
    return Effects(
        points=designs @ maximum.point,
        covariances=np.einsum("gij,jk,hlk->ghil", designs, covariance, designs, optimize=True),
        estimates=maximum.point[width:].reshape(shape),
        standard_errors=np.sqrt(np.diag(covariance))[width:].reshape(shape),
    )


def effects_likelihood(
    likelihoods: Sequence[Objective | None],
    sizes: Sequence[float],
    designs: FloatArray,
    width: int,
) -> Objective:
    """Mean log-likelihood per customer of phi, with the prior of the effects.

    `designs` are the X_g, G x k x K, and `width` is k; without a likelihood a group tells nothing.
    """
    weight = np.zeros(designs.shape[2])
    weight[width:] = 1 / _EFFECT_VARIANCE
    total = sum(sizes)

    def at(point: FloatArray) -> Derivatives:
        value = -float(point @ (weight * point)) / 2
        gradient, hessian = -weight * point, -np.diag(weight)
        for likelihood, size, design in zip(likelihoods, sizes, designs, strict=True):
            if likelihood is not None:
                of_group, slopes, curvature = likelihood(design @ point)
                value += size * of_group
                gradient += size * (design.T @ slopes)
                hessian += size * (design.T @ curvature @ design)
        return value / total, gradient / total, hessian / total

    return at


def design_of(row: FloatArray, width: int, shifted: Sequence[int]) -> FloatArray:
    """X_g of a group: the parameters of all, then each term's shift of each parameter."""
    shifts = np.zeros((width, len(row) * len(shifted)))
    for place, parameter in enumerate(shifted):
        shifts[parameter, place :: len(shifted)] = row
    return np.hstack([np.eye(width), shifts])


def terms_of(groups: Mapping[str, float]) -> tuple[list[str], FloatArray]:
    """Name the terms of groups such as 'channel=web & cohort_year=2023', and say who has which.

    Args:
        groups: customers of each group.

    Returns:
        The terms, such as 'channel=web', and the indicators, groups x terms. Of each attribute the
        value with most customers is the one that others are compared with, and no term. A group
        without attributes, '(other)', is a term of its own.
    """
    values = [_values(group) for group in groups]
    counts: dict[str, dict[str, float]] = {}
    for of_group, customers in zip(values, groups.values(), strict=True):
        for attribute, value in of_group.items():
            of_value = counts.setdefault(attribute, {})
            of_value[value] = of_value.get(value, 0.0) + customers
    terms = []
    for attribute, of_value in counts.items():
        usual = max(sorted(of_value), key=lambda value: of_value[value])
        terms += [f"{attribute}={value}" for value in sorted(of_value) if value != usual]
    terms += sorted(group for group, of_group in zip(groups, values, strict=True) if not of_group)
    rows = [
        [term == group or term in {f"{a}={v}" for a, v in of_group.items()} for term in terms]
        for group, of_group in zip(groups, values, strict=True)
    ]
    return terms, np.array(rows, dtype=np.float64).reshape(len(rows), len(terms))


def _values(group: str) -> dict[str, str]:
    """Read the attributes of a group as int_ltv__customer_groups writes them."""
    parts = (part.split("=", 1) for part in group.split(" & "))
    return {part[0]: part[1] for part in parts if len(part) == 2}
