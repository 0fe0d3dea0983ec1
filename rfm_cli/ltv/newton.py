"""Newton's method in a trust region, for smooth functions of a few log-parameters.

The problems have three or four unknowns and an exact Hessian, so one step costs an eigenvalue
decomposition of a 4 x 4 matrix. Unlike `scipy.optimize` (method trust-exact) it still moves when
the gain of a step is below the rounding error of the value: near the maximum it goes by the
gradient alone, which is what brings the gradient down to 1e-10 and below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import brentq

from rfm_cli.ltv.counts import FloatArray

Derivatives = tuple[float, FloatArray, FloatArray]  # value, gradient, Hessian
Objective = Callable[[FloatArray], Derivatives]

_MAX_STEP = 4.0  # e^4: nearly two orders of magnitude at once
_ROUNDING = 1e-13  # relative error of the value, a sum over up to millions of groups


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


def maximise(
    objective: Objective,
    starts: Sequence[FloatArray],
    *,
    bound: float = 12.0,
    tolerance: float = 1e-10,
    max_evaluations: int = 100,
) -> Maximum:
    """Climb from the best of `starts`, then from the next if that fails.

    The search keeps to |coordinate| <= bound. A maximum is a point with a gradient below
    `tolerance` and a negative definite Hessian. Raises NoMaximumError with the first failure.
    """
    evaluated = [(start, objective(start)) for start in starts]
    evaluated.sort(key=lambda pair: -pair[1][0])
    evaluations = len(starts)
    failure: NoMaximumError | None = None
    for start, derivatives in evaluated:
        try:
            climb = _climb(
                objective,
                start,
                derivatives,
                bound=bound,
                tolerance=tolerance,
                max_evaluations=max_evaluations,
            )
        except NoMaximumError as error:
            failure = failure or error
        else:
            evaluations += climb.evaluation_count
            return Maximum(
                climb.point, climb.value, climb.gradient_norm, climb.hessian, evaluations
            )
    raise failure or NoMaximumError()


def _climb(
    objective: Objective,
    point: FloatArray,
    derivatives: Derivatives,
    *,
    bound: float,
    tolerance: float,
    max_evaluations: int,
) -> Maximum:
    value, gradient, hessian = derivatives
    radius = 1.0
    for evaluations in range(max_evaluations):
        gradient_norm = float(np.abs(gradient).max())
        if gradient_norm <= tolerance:
            if eigh(hessian, eigvals_only=True)[-1] >= 0:
                raise NoMaximumError
            return Maximum(point, value, gradient_norm, hessian, evaluations)
        trial = np.clip(point + _step(gradient, hessian, radius), -bound, bound)
        step = trial - point
        bounds_hit = [(int(i), int(np.sign(trial[i]))) for i in np.flatnonzero(abs(trial) == bound)]
        if bounds_hit and not step.any():
            raise NoMaximumError(bounds_hit)
        expected_gain = float(gradient @ step + step @ hessian @ step / 2)
        trial_value, trial_gradient, trial_hessian = objective(trial)
        gain = trial_value - value
        if not np.isfinite(gain):
            accepted, agreement = False, 0.0
        elif expected_gain < _ROUNDING * abs(value):
            accepted = float(np.abs(trial_gradient).max()) < gradient_norm
            agreement = 1.0 if accepted else 0.0
        else:
            agreement = gain / expected_gain
            accepted = agreement > 1e-3
        if agreement < 0.25:
            radius = float(np.linalg.norm(step)) / 4
        elif agreement > 0.75:
            radius = min(max(radius, 2 * float(np.linalg.norm(step))), _MAX_STEP)
        if accepted:
            point, value, gradient, hessian = trial, trial_value, trial_gradient, trial_hessian
            if bounds_hit:
                raise NoMaximumError(bounds_hit)
        if radius < 1e-12:
            break
    raise NoMaximumError


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
