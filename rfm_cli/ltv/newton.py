"""Newton's method in a trust region, for smooth functions of a few log-parameters.

The problems have three or four unknowns and an exact Hessian, so one step costs an eigenvalue
decomposition of a 4 x 4 matrix. Unlike `scipy.optimize` (method trust-exact) it still moves when
the gain of a step is below the rounding error of the value: near the maximum it goes by the
gradient alone, which is what brings the gradient down to 1e-10 and below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import brentq

from rfm_cli.ltv.counts import FloatArray

Derivatives = tuple[float, FloatArray, FloatArray]  # value, gradient, Hessian
Objective = Callable[[FloatArray], Derivatives]

TOLERANCE = 1e-10
BOUND = 10.0  # a factor of 22,000 either way; what lies beyond cannot be told from infinity
_MAX_EVALUATIONS = 100  # of one climb
_MAX_STEP = 4.0  # e^4: nearly two orders of magnitude at once
_ROUNDING = 1e-13  # relative error of the value, a sum over up to millions of groups
_SAME_MAXIMUM = 1e-3  # two climbs that come this close, in logs, have found the same maximum


@dataclass(frozen=True)
class Maximum:
    """Where a function is highest; `gradient_norm` is the largest absolute component."""

    point: FloatArray
    value: float
    gradient_norm: float
    hessian: FloatArray
    evaluation_count: int


class NoMaximumError(Exception):
    """The search ended without a maximum; `bounds_hit` holds (coordinate, side -1 or +1)."""

    def __init__(self, bounds_hit: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__("at a bound" if bounds_hit else "no convergence")
        self.bounds_hit = tuple(bounds_hit)


def maximise(objective: Objective, starts: Sequence[FloatArray]) -> Maximum:
    """Climb from each of `starts` and return the highest maximum (small data can have two).

    A maximum has a gradient below `TOLERANCE` and a negative definite Hessian. A climb fails when a
    coordinate passes +-`BOUND` or the evaluations are used up; if all climbs fail, the failure of
    the first is raised (NoMaximumError).
    """
    maxima: list[Maximum] = []
    failures: list[NoMaximumError] = []
    evaluation_count = 0

    def counted(point: FloatArray) -> Derivatives:
        nonlocal evaluation_count
        evaluation_count += 1
        return objective(point)

    for start in starts:
        try:
            maxima.append(_climb(counted, start, maxima))
        except NoMaximumError as failure:
            failures.append(failure)
    if not maxima:
        raise failures[0]
    return replace(max(maxima, key=lambda m: m.value), evaluation_count=evaluation_count)


def hold_last(objective: Objective, value: float) -> Objective:
    """Return the objective as a function of all coordinates but the last, which is `value`."""

    def held(point: FloatArray) -> Derivatives:
        found, gradient, hessian = objective(np.append(point, value))
        return found, gradient[:-1], hessian[:-1, :-1]

    return held


def _climb(objective: Objective, point: FloatArray, known: Sequence[Maximum]) -> Maximum:
    """Climb from `point` to a maximum; one that is already known is recognised from nearby."""
    here = objective(point)
    radius = 1.0
    for evaluations in range(1, _MAX_EVALUATIONS):
        value, gradient, hessian = here
        gradient_norm = float(np.abs(gradient).max())
        if gradient_norm <= TOLERANCE:
            if eigh(hessian, eigvals_only=True)[-1] >= 0:
                break
            return Maximum(point, value, gradient_norm, hessian, evaluations)
        step = _step(gradient, hessian, radius)
        for maximum in known:
            if np.abs(point + step - maximum.point).max() < _SAME_MAXIMUM:
                return maximum
        there = objective(point + step)
        agreement = _agreement(here, there, step)
        length = float(np.linalg.norm(step))
        if agreement < 0.25:
            radius = length / 4
        elif agreement > 0.75:
            radius = min(max(radius, 2 * length), _MAX_STEP)
        if agreement > 1e-3:
            point, here = point + step, there
        if np.abs(point).max() > BOUND:
            beyond = np.flatnonzero(np.abs(point) > BOUND)
            raise NoMaximumError([(int(i), int(np.sign(point[i]))) for i in beyond])
    raise NoMaximumError


def _agreement(here: Derivatives, there: Derivatives, step: FloatArray) -> float:
    """Gain of the step over the gain expected of it; near 1 where the function is quadratic."""
    value, gradient, hessian = here
    gain = there[0] - value
    if not np.isfinite(gain):
        return 0.0
    expected_gain = float(gradient @ step + step @ hessian @ step / 2)
    if expected_gain < _ROUNDING * abs(value):
        return 1.0 if np.abs(there[1]).max() < np.abs(gradient).max() else 0.0
    return gain / expected_gain


def _step(gradient: FloatArray, hessian: FloatArray, radius: float) -> FloatArray:
    """Find the best step of at most `radius` (More & Sorensen 1983)."""
    curvature, axes = eigh(-hessian)
    slopes = axes.T @ gradient
    if curvature[0] > 0:
        newton_step = axes @ (slopes / curvature)
        if np.linalg.norm(newton_step) <= radius:
            return np.asarray(newton_step)

    def excess(shift: float) -> float:
        return float(np.linalg.norm(slopes / (curvature + shift))) - radius

    slope = float(np.linalg.norm(slopes))
    lowest = max(0.0, -float(curvature[0]))
    # A hair above the lowest shift, so that a flat direction never divides by zero.
    lowest += 1e-14 * max(slope / radius, float(np.abs(curvature).max()))
    highest = lowest + slope / radius
    shift = lowest if excess(lowest) <= 0 else brentq(excess, lowest, highest, rtol=1e-6)
    return np.asarray(axes @ (slopes / (curvature + shift)))
