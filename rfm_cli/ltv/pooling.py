"""Partial pooling: each group has parameters of its own that lean on those of the others.

The log-parameters of group g, in coordinates u_g = B theta_g chosen so that groups differ along
them independently, are Normal(m, diag(d)) between groups. m and d are learned from all groups
(empirical Bayes), u_g then maximises the group's log-likelihood l_g plus that of u_g: a small group
ends near m, a large one at its own maximum.

Near its maximum each l_g is replaced by a quadratic (Laplace), with precision P_g and shift h_g.
For such, m and d are at the maximum of the restricted likelihood (Patterson & Thompson 1971; for
random effects Laird & Ware 1982, whose EM step is its slope). Then the quadratics are made anew
where u_g has moved, until nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from rfm_cli.ltv.counts import FloatArray
from rfm_cli.ltv.newton import Derivatives, Objective, maximise

_FIRST_VARIANCE = 0.25  # groups differ by factors of 1.6 or so, until the data say otherwise
# From factors of 1.001, which is no difference at all, to factors of 150.
_VARIANCE_BOUNDS = np.array([1e-6, 25.0])
_NO_PRECISION = 1e-12
_MOVED = 1e-6  # in logarithms
_MAX_ROUNDS = 40


@dataclass(frozen=True, eq=False)
class PooledGroups:
    """Log-parameters of G groups, k each.

    points       (G, k)
    covariances  (G, G, k, k) given the data, of each group with each: m is the same for all
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
    """Find m and the variances where the restricted likelihood of the quadratics is highest."""
    found = minimize(
        _minus_restricted,
        np.log(prior.variances),
        args=(precisions, shifts),
        jac=True,
        method="L-BFGS-B",
        bounds=[np.log(_VARIANCE_BOUNDS)] * len(prior.variances),
        options={"ftol": 1e-13, "gtol": 1e-8},
    )
    variances = np.exp(found.x)
    return _Prior(_given(precisions, shifts, variances).mean, variances)


def _minus_restricted(
    log_variances: FloatArray, precisions: FloatArray, shifts: FloatArray
) -> tuple[float, FloatArray]:
    """Return minus the restricted log-likelihood, per group, and its slopes.

    With m uniform it is Gaussian in all u_g and m. By Fisher's identity its slope by ln d is half
    the mean of (u_g - m)^2 / d - 1, given the data.
    """
    variances = np.exp(log_variances)
    known = _given(precisions, shifts, variances)
    inner, lean, count = known.inner, known.lean, len(precisions)
    spread_out = np.einsum("gi,gij,gj->", shifts, inner, shifts)
    common = np.einsum("gji,gj->i", lean, shifts) @ known.mean
    certainty = np.linalg.eigvalsh(known.mean_precision)
    value = (
        np.linalg.slogdet(inner)[1].sum()
        - count * log_variances.sum()
        + spread_out
        - np.log(certainty.clip(_NO_PRECISION)).sum()
        + common
    ) / 2
    away = np.einsum("gij,gj->gi", inner, shifts) + lean @ known.mean - known.mean
    # Of u_g - m: the covariance given m, and what the uncertainty of m adds.
    extra = lean - np.eye(len(variances))
    squares = (
        away**2
        + np.einsum("gii->gi", inner)
        + np.einsum("gij,jk,gik->gi", extra, known.mean_covariance, extra)
    )
    slopes = (squares / variances - 1).mean(axis=0) / 2
    return -float(value) / count, -slopes


@dataclass(frozen=True, eq=False)
class _Given:
    """What follows once the variances are given.

    inner            (G, k, k) covariance of u_g given m
    lean             (G, k, k) how u_g follows m
    mean             (k) m
    mean_precision   (k, k)
    mean_covariance  (k, k)
    """

    inner: FloatArray
    lean: FloatArray
    mean: FloatArray
    mean_precision: FloatArray
    mean_covariance: FloatArray


def _given(precisions: FloatArray, shifts: FloatArray, variances: FloatArray) -> _Given:
    inner = _inverse(precisions + np.diag(1 / variances))
    lean = inner / variances
    of_groups = lean.transpose(0, 2, 1) @ precisions
    mean_precision = (of_groups + of_groups.transpose(0, 2, 1)).sum(axis=0) / 2
    # A direction of which no group tells anything stays where it is.
    mean_covariance = np.linalg.pinv(mean_precision, hermitian=True)
    mean = mean_covariance @ np.einsum("gji,gj->i", lean, shifts)
    return _Given(inner, lean, mean, mean_precision, mean_covariance)


def _posterior(
    precisions: FloatArray, shifts: FloatArray, prior: _Prior
) -> tuple[FloatArray, FloatArray]:
    """Return where each u_g is, and the covariances, which the uncertainty of m adds to."""
    known = _given(precisions, shifts, prior.variances)
    points = np.einsum("gij,gj->gi", known.inner, shifts) + known.lean @ known.mean
    covariances = np.einsum(
        "gij,jk,hlk->ghil", known.lean, known.mean_covariance, known.lean, optimize=True
    )
    every = np.arange(len(points))
    covariances[every, every] += known.inner
    return points, covariances


def _inverse(matrices: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
