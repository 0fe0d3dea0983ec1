"""Values and derivatives of the likelihoods, against the papers' formulas in high precision."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ltv_reference import order_log_likelihood, spend_log_likelihood

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.gamma_gamma import SpendLikelihood
from rfm_cli.ltv.models import ORDER_MODELS

MODELS = tuple(ORDER_MODELS)
HISTORIES = np.array(
    [
        # x, t_x, T, customers
        (0, 0, 1, 3),
        (0, 0, 400, 7),
        (1, 0, 1, 1),
        (1, 13, 200, 2),
        (3, 0, 90, 1),
        (7, 100, 101, 4),
        (60, 300, 700, 1),
    ]
)
SPEND = np.array([(1, 0.01, 2), (1, 30, 5), (4, 99.5, 3), (250, 1e4, 1)])

log_parameter = st.floats(-3, 3)


def _order_likelihood(model, histories=HISTORIES, time_unit=100.0):
    x, t_x, observed, customers = np.asarray(histories, dtype=float).T
    counts = OrderCounts(x, t_x / time_unit, observed / time_unit, customers)
    return ORDER_MODELS[model].likelihood(counts, 1.0)


def _scaled(time_unit):
    return [(x, t_x / time_unit, observed / time_unit, n) for x, t_x, observed, n in HISTORIES]


def _derivatives(function, point):
    """Value, gradient and Hessian by central differences at 60 digits."""
    with mp.workdps(60):
        point = [mp.mpf(float(v)) for v in point]
        step = mp.mpf(10) ** -15

        def at(*moves):
            moved = list(point)
            for index, times in moves:
                moved[index] += times * step
            return function(moved)

        size = len(point)
        gradient = [float((at((i, 1)) - at((i, -1))) / (2 * step)) for i in range(size)]
        hessian = np.empty((size, size))
        for i in range(size):
            for j in range(i + 1):
                mixed = (
                    at((i, 1), (j, 1))
                    - at((i, 1), (j, -1))
                    - at((i, -1), (j, 1))
                    + at((i, -1), (j, -1))
                )
                hessian[i, j] = hessian[j, i] = float(mixed / (4 * step**2))
        return float(function(point)), np.array(gradient), hessian


def _assert_derivatives(likelihood, reference, size, point):
    expected = _derivatives(reference, point)
    for ours, theirs in zip(likelihood(np.array(point)), expected, strict=True):
        scale = 1 + np.abs(theirs).max()
        np.testing.assert_allclose(np.asarray(ours) * size, theirs, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=8, deadline=None)
@given(point=st.tuples(*[log_parameter] * 4))
def test_order_likelihood_is_the_papers(model, point):
    _assert_derivatives(
        _order_likelihood(model),
        lambda logs: order_log_likelihood(model, logs, _scaled(100)),
        HISTORIES[:, 3].sum(),
        point,
    )


@settings(max_examples=8, deadline=None)
@given(point=st.tuples(*[log_parameter] * 3))
def test_spend_likelihood_is_the_papers(point):
    _assert_derivatives(
        SpendLikelihood(SpendCounts(*SPEND.T)),
        lambda logs: spend_log_likelihood(logs, SPEND),
        SPEND[:, 2].sum(),
        point,
    )


@pytest.mark.parametrize("model", MODELS)
def test_grouping_changes_nothing(model):
    repeated = np.repeat(HISTORIES, HISTORIES[:, 3], axis=0)
    repeated[:, 3] = 1
    point = np.log([0.5, 0.4, 0.8, 2.0])
    for ours, theirs in zip(
        _order_likelihood(model)(point), _order_likelihood(model, repeated)(point), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14, atol=1e-14)


def test_grouping_spend_changes_nothing():
    repeated = np.repeat(SPEND, SPEND[:, 2].astype(int), axis=0)
    repeated[:, 2] = 1
    point = np.log([2.0, 3.0, 10.0])
    for ours, theirs in zip(
        SpendLikelihood(SpendCounts(*SPEND.T))(point),
        SpendLikelihood(SpendCounts(*repeated.T))(point),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-14, atol=1e-14)


def test_equal_scales_of_both_rates_are_no_special_case():
    for beta in (0.7, 0.7 * (1 + 1e-9)):
        _assert_derivatives(
            _order_likelihood("pareto_nbd"),
            lambda logs: order_log_likelihood("pareto_nbd", logs, _scaled(100)),
            HISTORIES[:, 3].sum(),
            np.log([0.5, 0.7, 1.0, beta]),
        )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("history", [(9000, 0, 3650), (9000, 3650, 3650), (1, 0, 3650), (0, 0, 0)])
def test_extreme_histories_keep_their_digits(model, history):
    rows = [(*history, 1)]
    point = np.log([0.3, 0.02, 0.05, 0.4])
    value, gradient, hessian = _order_likelihood(model, rows, time_unit=1.0)(point)
    with mp.workdps(60):
        expected = float(order_log_likelihood(model, [mp.mpf(v) for v in point], rows))
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-14)
    assert np.isfinite(gradient).all()
    assert np.isfinite(hessian).all()


@pytest.mark.parametrize("model", MODELS)
def test_more_groups_than_one_block(cdnow_orders, model):
    copies = 12
    many = OrderCounts(
        *(
            np.tile(column, copies)
            for column in (
                cdnow_orders.repeat_orders,
                cdnow_orders.first_to_last_days,
                cdnow_orders.observed_days,
                cdnow_orders.customers,
            )
        )
    )
    point = np.log([0.5, 6.0, 0.9, 1.6])
    for ours, theirs in zip(
        ORDER_MODELS[model].likelihood(many, 1.0)(point),
        ORDER_MODELS[model].likelihood(cdnow_orders, 1.0)(point),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-13)
