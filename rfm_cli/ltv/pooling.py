"""Partial pooling: each group has parameters of its own that lean on those of the others.

The log-parameters of group g, in coordinates u_g = B theta_g chosen so that groups differ along
them independently, are Normal(m, diag(d)) between groups. m and d are learned from all groups
(empirical Bayes), u_g then maximises the group's log-likelihood l_g plus that of u_g: a small group
ends near m, a large one at its own maximum.

Near its maximum each l_g is replaced by a quadratic (Laplace), with precision P_g and shift h_g.
For such, m and d have the maximum of the restricted likelihood (Patterson & Thompson 1971; between
groups: DerSimonian & Laird's random effects) by the EM algorithm of Laird & Ware (1982). Then the
quadratics are made anew where u_g has moved, until nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.newton import Derivatives, Objective, maximise

_FIRST_VARIANCE = 0.25  # groups differ by factors of 1.6 or so, until the data say otherwise
_LEAST_VARIANCE = 1e-6  # factors of 1.001: no difference at all
_MOVED = 1e-6  # in logarithms
_MAX_ROUNDS = 40
_MAX_STEPS = 5_000
_SETTLED = 1e-6  # relative change of all variances in one step of EM


@dataclass(frozen=True, eq=False)
class PooledGroups:
    """Log-parameters of G groups, k each.

    points       (G, k)
    covariances  (G, k, k) given the data, the uncertainty of m included
    center       (k) the log-parameters of the typical group, at m
    spreads      (k) standard deviations between groups, along the coordinates u
    round_count  how often the quadratics were made anew
    """

    points: FloatArray
    covariances: FloatArray
    center: FloatArray
    spreads: FloatArray
    round_count: int


@dataclass(frozen=True, eq=False)
class _Prior:
    mean: FloatArray
    variances: FloatArray


def pool_groups(
    likelihoods: Sequence[Objective | None],
    sizes: Sequence[float],
    start: FloatArray,
    basis: FloatArray,
) -> PooledGroups:
    """Estimate groups that lean on each other.

    Args:
        likelihoods: mean log-likelihood per customer of the log-parameters, of each group; None of
            a group that tells nothing.
        sizes: customers of each group.
        start: log-parameters to start from, those of everybody.
        basis: B, one row per coordinate.

    Raises NoMaximumError where a group has no best parameters even so.
    """
    inverse = _inverse(basis)
    groups = {
        g: _in_coordinates(likelihood, size, inverse)
        for g, (likelihood, size) in enumerate(zip(likelihoods, sizes, strict=True))
        if likelihood is not None
    }
    count, width = len(sizes), len(start)
    prior = _Prior(basis @ start, np.full(width, _FIRST_VARIANCE))
    modes = np.tile(prior.mean, (count, 1))
    expanded = modes.copy()
    precisions, shifts = np.zeros((count, width, width)), np.zeros((count, width))
    tells = np.array([g in groups for g in range(count)])
    stale, rounds = tells, 0
    while stale.any() and rounds < _MAX_ROUNDS:
        rounds += 1
        for g in np.flatnonzero(stale).tolist():
            expanded[g], precisions[g], shifts[g] = _quadratic(groups[g], sizes[g], modes[g], prior)
        prior = _learn_prior(precisions, shifts, prior)
        modes, covariances = _posterior(precisions, shifts, prior)
        stale = tells & (np.abs(modes - expanded).max(axis=1) > _MOVED)
    return PooledGroups(
        points=modes @ inverse.T,
        covariances=inverse @ covariances @ inverse.T,
        center=inverse @ prior.mean,
        spreads=np.sqrt(prior.variances),
        round_count=rounds,
    )


def _in_coordinates(likelihood: Objective, size: float, inverse: FloatArray) -> Objective:
    """Return the total log-likelihood as a function of u."""

    def total(point: FloatArray) -> Derivatives:
        value, gradient, hessian = likelihood(inverse @ point)
        return size * value, size * (inverse.T @ gradient), size * (inverse.T @ hessian @ inverse)

    return total


def _quadratic(
    group: Objective, size: float, start: FloatArray, prior: _Prior
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return where l_g plus prior is highest, and precision and shift of l_g there."""
    weight = 1 / prior.variances
    scale = 1 / (size + weight.max())  # Newton's tolerance is for functions of order 1

    def penalised(point: FloatArray) -> Derivatives:
        value, gradient, hessian = group(point)
        away = point - prior.mean
        return (
            scale * (value - away @ (weight * away) / 2),
            scale * (gradient - weight * away),
            scale * (hessian - np.diag(weight)),
        )

    top = maximise(penalised, [start])
    curvature, axes = np.linalg.eigh(-top.hessian / scale - np.diag(weight))
    precision = (axes * curvature.clip(0)) @ axes.T  # no direction says less than nothing
    slope = weight * (top.point - prior.mean)  # of l_g, which the prior's outweighs here
    return top.point, precision, precision @ top.point + slope


def _learn_prior(precisions: FloatArray, shifts: FloatArray, prior: _Prior) -> _Prior:
    """Climb the restricted likelihood of the quadratics from `prior` on."""
    for _ in range(_MAX_STEPS):
        inner, mean, mean_covariance, lean = _given_variances(precisions, shifts, prior.variances)
        away = np.einsum("gij,gj->gi", inner, shifts) + lean @ mean - mean
        # Of u_g - m: the covariance given m, and what the uncertainty of m adds.
        extra = lean - np.eye(len(mean))
        spread = np.einsum("gii->gi", inner) + np.einsum(
            "gij,jk,gik->gi", extra, mean_covariance, extra
        )
        variances = np.maximum((away**2 + spread).mean(axis=0), _LEAST_VARIANCE)
        change = np.abs(variances / prior.variances - 1).max()
        prior = _Prior(mean, variances)
        if change < _SETTLED:
            break
    return prior


def _given_variances(
    precisions: FloatArray, shifts: FloatArray, variances: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return covariances given m, m, its covariance, and how far each group leans on m."""
    weight = np.diag(1 / variances)
    inner = _inverse(precisions + weight)
    lean = inner @ weight
    mean_precision = (weight - weight @ lean).sum(axis=0)
    # A direction of which no group tells anything stays where it is.
    mean_covariance = np.linalg.pinv(mean_precision, hermitian=True)
    mean = mean_covariance @ np.einsum("gji,gj->i", lean, shifts)
    return inner, mean, mean_covariance, lean


def _posterior(
    precisions: FloatArray, shifts: FloatArray, prior: _Prior
) -> tuple[FloatArray, FloatArray]:
    inner, mean, mean_covariance, lean = _given_variances(precisions, shifts, prior.variances)
    points = np.einsum("gij,gj->gi", inner, shifts) + lean @ mean
    return points, inner + lean @ mean_covariance @ lean.transpose(0, 2, 1)


def _inverse(matrices: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
