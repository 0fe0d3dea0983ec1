"""Nodes and forecasts against closed forms in arbitrary precision."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from ltv_reference import orders_of_the_living, pareto_alive, pareto_living_orders
from scipy.special import beta

from rfm_cli.ltv.forecast import (
    discounted_expected_orders,
    expected_orders,
    expected_orders_alive,
    probability_alive,
    residual_orders,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import FAR, covered_order_counts, gauss_jacobi, node_table
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters

ORDER_COUNTS = np.array([0.0, 1, 2, 10, 100, 500])
PARAMETERS = [
    (0.25, 30.0, 0.8, 2.4),
    (0.5, 3.0, 1.0, 1.6),  # a = 1: 0/0 in the closed form
    (0.5, 10.0, 1 + 1e-10, 1.6),  # where 2F1 in double precision is off by 2e-5
    (0.5, 10.0, 0.999, 0.5),
    (0.9, 40.0, 0.1, 0.2),  # a + b < 1: NaN elsewhere
    (0.5, 0.5, 0.05, 0.1),
    (3.0, 100.0, 5.0, 40.0),
    (0.9, 40.0, 100.0, 0.2),
    (1e-3, 5.0, 0.8, 2.4),
]


@pytest.mark.parametrize("model", ["mbg_nbd", "bg_nbd"])
@pytest.mark.parametrize("values", PARAMETERS)
def test_expected_orders_are_exact(model, values):
    parameters = BgParameters(model, *values)
    nodes = node_table(parameters, ORDER_COUNTS)
    assert nodes.max_error <= 1e-11
    for x in ORDER_COUNTS:
        for observed in (1, 30, 3650):
            for days in (1, 365, 1095):
                ours = float(expected_orders_alive(parameters, nodes, x, observed, days))
                exact = orders_of_the_living(parameters, x, observed, days)
                assert ours == pytest.approx(exact, rel=2e-11)


def test_closed_form_is_the_integral():
    """The reference itself, checked by quadrature of the definition."""
    parameters = BgParameters("mbg_nbd", 0.5, 6.0, 0.9, 1.6)
    x, observed, days = 3, 40, 39
    a, b = mp.mpf(0.9), mp.mpf(1.6) + x + 1
    z = mp.mpf(days) / (6 + observed)

    def orders(p):
        return (1 - (1 + p * z) ** -(parameters.r + x)) / p * p ** (a - 1) * (1 - p) ** (b - 1)

    integral = mp.quad(orders, [0, 1e-6, 1e-3, 0.1, 0.5, 1]) / mp.beta(a, b)
    assert orders_of_the_living(parameters, x, observed, days) == pytest.approx(
        float(integral), rel=1e-7
    )


@pytest.mark.parametrize("model", ["mbg_nbd", "bg_nbd"])
def test_nodes_of_thousands_of_orders(model):
    parameters = BgParameters(model, 0.5, 20.0, 0.8, 2.4)
    nodes = node_table(parameters, np.array([0.0, 3000, 20_000, 1e6]))
    assert nodes.max_error <= 1e-11
    assert np.isfinite(nodes.weight).all()
    assert ((nodes.dropout_probability > 0) & (nodes.dropout_probability < 1)).all()
    for x in (0, 3000, 20_000, 1e6):
        assert nodes.of(x)[1].sum() == pytest.approx(1, abs=1e-14)
    # No dropout but at most Beta(.8, 1e6): nearly all of the pure Poisson-Gamma mean is left.
    assert expected_orders_alive(parameters, nodes, 1e6, 365, 1) == pytest.approx(
        1e6 / 385, rel=2e-3
    )


def test_gauss_jacobi_is_exact_for_polynomials():
    for a, b in ((0.3, 0.2), (0.5, 0.5), (1.0, 1.0), (2.0, 30.0)):
        nodes, weights = gauss_jacobi(a, b, 16)
        for power in range(32):
            moment = float(mp.beta(a + power, b) / mp.beta(a, b))
            assert weights @ nodes**power == pytest.approx(moment, rel=1e-12)


def test_nodes_of_an_order_count_between_rungs_are_the_lower_ones():
    parameters = BgParameters("mbg_nbd", 0.5, 20.0, 0.8, 2.4)
    nodes = node_table(parameters, np.array([0.0, 5, 9]))
    for unseen, rung in ((0, 0), (4, 0), (5, 5), (8, 5), (9, 9), (70, 9)):
        np.testing.assert_array_equal(nodes.of(unseen)[0], nodes.of(rung)[0])


def test_order_counts_are_covered_beyond_todays():
    np.testing.assert_array_equal(covered_order_counts(np.array([0.0, 3])), np.arange(15))
    assert covered_order_counts(np.array([0.0, 1592.0]))[-1] == 2000
    ladder = covered_order_counts(np.array([0.0, 7, 1777, 40_000]))
    assert {0, 1, 2, 7, 1777, 40_000} <= set(ladder)
    assert ladder[-1] >= 50_010
    assert len(ladder) < 700
    assert (np.diff(ladder) > 0).all()


def test_a_one_time_buyer_can_be_dead_in_mbg_only():
    values = (0.5, 20.0, 0.8, 2.4)
    assert probability_alive(BgParameters("bg_nbd", *values), 0, 0, 900) == 1
    assert probability_alive(BgParameters("mbg_nbd", *values), 0, 0, 900) < 0.75
    # At the first order there is the prior chance of having been put off by it.
    assert probability_alive(BgParameters("mbg_nbd", *values), 0, 0, 0) == pytest.approx(0.75)


def test_probability_alive_falls_with_silence_and_never_breaks():
    parameters = BgParameters("mbg_nbd", 0.5, 20.0, 0.8, 2.4)
    silence = probability_alive(parameters, 5000, np.array([3650, 3649, 3640, 0]), 3650)
    assert (np.diff(silence) < 0).all()
    assert np.isfinite(silence).all()


def test_discounting_lies_between_none_and_all_at_the_end():
    parameters = BgParameters("mbg_nbd", 0.5, 20.0, 0.8, 2.4)
    nodes = node_table(parameters, np.arange(4.0))
    history = (np.arange(4.0), np.array([0.0, 5, 40, 100]), np.full(4, 200.0))
    plain = expected_orders(parameters, nodes, *history, days=365)
    free = discounted_expected_orders(parameters, nodes, *history, annual_rate=0.0)
    np.testing.assert_allclose(free, plain, rtol=1e-13)
    dear = discounted_expected_orders(parameters, nodes, *history, annual_rate=0.1)
    assert (dear < plain * 1.1 ** (-1 / 12)).all()
    assert (dear > plain / 1.1).all()


PARETO_PARAMETERS = [
    (0.553, 74.0, 0.606, 81.7),
    (0.9, 5.0, 0.3, 500.0),
    (0.25, 300.0, 0.9, 1.0),
    (2.0, 100.0, 1.0, 30.0),  # s = 1: 0/0 in the closed form of expected orders
    (2.0, 100.0, 1 + 1e-10, 30.0),
    (1.5, 90.0, 0.999, 90.0),  # alpha = beta
    (1.5, 90.0, 0.7, 90.0 * (1 + 1e-12)),
    (0.5, 1000.0, 0.2, 1.0),
    (0.3, 0.1, 20.0, 1e4),
]


@pytest.mark.parametrize("values", PARETO_PARAMETERS)
def test_pareto_is_its_closed_forms(values):
    parameters = ParetoParameters(*values)
    nodes = ORDER_MODELS["pareto_nbd"].node_table(parameters, ORDER_COUNTS)
    for x in (0, 1, 3, 20, 200, 2000):
        for observed in (1, 30, 400, 3650):
            for t_x in {int(share * observed) if x else 0 for share in (0, 0.5, 0.9, 1)}:
                exact = float(pareto_alive(parameters, x, t_x, observed))
                ours = float(probability_alive(parameters, x, t_x, observed))
                assert ours == pytest.approx(exact, rel=1e-12, abs=1e-290)
            for days in (1, 365, 1095):
                ours = float(expected_orders_alive(parameters, nodes, x, observed, days))
                exact = float(pareto_living_orders(parameters, x, observed, days))
                assert ours == pytest.approx(exact, rel=1e-13)


@pytest.mark.parametrize("values", PARETO_PARAMETERS)
@pytest.mark.parametrize("annual_rate", [0.02, 0.1, 1.0])
def test_orders_to_the_end_are_a_confluent_function(values, annual_rate):
    """Fader, Hardie & Lee (2005): the integral is (beta+T) U(1, 2-s, delta (beta+T))."""
    parameters = ParetoParameters(*values)
    for x, observed in ((0, 1), (3, 400), (200, 3650)):
        with mp.workdps(40):
            start = mp.mpf(parameters.beta) + observed
            delta = mp.log(1 + mp.mpf(annual_rate)) / 365
            stayed = start * mp.hyperu(1, 2 - mp.mpf(parameters.s), delta * start)
            rate = (mp.mpf(parameters.r) + x) / (mp.mpf(parameters.alpha) + observed)
            exact = float(pareto_alive(parameters, x, 0, observed) * rate * stayed)
        history = np.array([[float(x)], [0.0], [float(observed)]])
        none = ORDER_MODELS["pareto_nbd"].node_table(parameters, history[0])
        ours = residual_orders(parameters, none, *history, annual_rate=annual_rate)
        assert ours == pytest.approx(exact, rel=1e-10, abs=1e-290)


def test_orders_without_end_need_a_discount():
    history = np.ones((3, 1))
    parameters = ParetoParameters(0.5, 10.0, 0.6, 12.0)
    none = ORDER_MODELS["pareto_nbd"].node_table(parameters, history[0])
    with pytest.raises(ValueError, match="annual_rate"):
        residual_orders(parameters, none, *history, annual_rate=0.0)


@pytest.mark.parametrize(
    "values", [(0.25, 30.0, 0.8, 2.4), (0.9, 40.0, 0.1, 0.2), (3.0, 100.0, 5.0, 40.0)]
)
@pytest.mark.parametrize("annual_rate", [0.02, 0.1, 1.0])
def test_orders_to_the_end_of_who_stops_after_an_order(values, annual_rate):
    parameters = BgParameters("mbg_nbd", *values)
    for x, observed in ((0, 1), (3, 400), (60, 3650)):
        history = np.array([[float(x)], [float(observed)], [float(observed)]])
        nodes = node_table(parameters, history[0], FAR)
        alive = probability_alive(parameters, *history)
        ours = residual_orders(parameters, nodes, *history, annual_rate=annual_rate)
        wanted = endless_orders(parameters, x, observed, annual_rate)
        assert ours / alive == pytest.approx(wanted, rel=1e-9)


def endless_orders(parameters, x, observed, annual_rate) -> float:
    """Of the living, by MBG/NBD: the mean over p of (k/p) e^c E_(k+1)(c), c = delta (alpha+T)/p.

    c e^c E_(k+1)(c) is the integral of e^-w (1 + w/c)^-(k+1), taken in ln(1 + w/near), near being
    where it falls. The mean is taken in ln p below that of p and in ln(1-p) above.
    """
    scale = np.log1p(annual_rate) / 365 * (parameters.alpha + observed)
    k, a, b = parameters.r + x, parameters.a, parameters.b + x + 1
    points, weights = np.polynomial.legendre.leggauss(400)
    points, weights = (points + 1) / 2, weights / 2

    def given(p):
        c = (scale / p)[:, None]
        near = c / (c + k + 1)
        longest = np.log(1e9)
        w = np.expm1(points * longest) * near
        inner = np.exp(-w - (k + 1) * np.log1p(w / c)) * (w + near)
        return k / scale * (inner @ weights) * longest

    middle, below, above = a / (a + b), 30 / a, 40 / b
    low = middle * np.exp(-points * below)
    high = (1 - middle) * np.exp(-points * above)
    total = below * weights @ (given(low) * low**a * (1 - low) ** (b - 1))
    total += above * weights @ (given(1 - high) * high**b * (1 - high) ** (a - 1))
    return float(total / beta(a, b))
