"""Newton in a trust region, on functions with known maxima and with none."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.newton import NoMaximumError, maximise


def banana(point):
    """Minus Rosenbrock's function: a curved ridge, not concave, highest at (1, 1)."""
    x, y = point
    value = -((1 - x) ** 2) - 100 * (y - x**2) ** 2
    gradient = np.array([2 * (1 - x) + 400 * x * (y - x**2), -200 * (y - x**2)])
    hessian = np.array([[-2 + 400 * y - 1200 * x**2, 400 * x], [400 * x, -200.0]])
    return value, gradient, hessian


def two_hills(point):
    """Highest near +1, with a lower hill near -1."""
    (x,) = point
    value = -((x**2 - 1) ** 2) + 0.1 * x
    return value, np.array([-4 * x * (x**2 - 1) + 0.1]), np.array([[-12 * x**2 + 4]])


def endless_slope(point):
    """Rises for ever, ever more slowly, towards +infinity."""
    (x,) = point
    e = np.exp(-x)
    return -e, np.array([e]), np.array([[-e]])


def test_a_curved_ridge_is_climbed():
    maximum = maximise(banana, [np.array([-1.2, 1.0])])
    np.testing.assert_allclose(maximum.point, [1, 1], atol=1e-9)
    assert maximum.gradient_norm <= 1e-10


def test_the_highest_of_two_hills_is_returned():
    for starts in ([-1.5, 1.5], [1.5, -1.5], [0.0, -2.0, 2.0]):
        maximum = maximise(two_hills, [np.array([start]) for start in starts])
        assert maximum.point[0] == pytest.approx(1.012, abs=1e-3)


def test_every_evaluation_is_counted():
    calls = []

    def counted(point):
        calls.append(point)
        return two_hills(point)

    maximum = maximise(counted, [np.array([-1.5]), np.array([1.5]), np.array([2.0])])
    assert maximum.evaluation_count == len(calls)


def test_a_slope_without_end_is_at_a_bound():
    with pytest.raises(NoMaximumError) as failure:
        maximise(endless_slope, [np.zeros(1)])
    assert failure.value.bounds_hit == ((0, 1),)


def test_a_saddle_is_no_maximum():
    def saddle(point):
        x, y = point
        return y**2 - x**2, np.array([-2 * x, 2 * y]), np.diag([-2.0, 2.0])

    with pytest.raises(NoMaximumError):
        maximise(saddle, [np.zeros(2)])


def test_a_function_without_values_ends_without_a_maximum():
    def nowhere(point):
        return (0.0 if not point.any() else np.nan), np.ones(2), -np.eye(2)

    with pytest.raises(NoMaximumError) as failure:
        maximise(nowhere, [np.zeros(2)])
    assert failure.value.bounds_hit == ()
