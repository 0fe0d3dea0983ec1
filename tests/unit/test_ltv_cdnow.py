"""The published data set of the field gives the maximum that it must give."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.forecast import (
    expected_order_value,
    expected_orders,
    probability_alive,
    residual_orders,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import FAR, node_table
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters

PARETO = ParetoParameters(0.55327551, 10.57761224, 0.60621357, 11.66791124)


@pytest.mark.parametrize(
    ("model", "maximum", "log_likelihood"),
    [
        ("bg_nbd", (0.24259291, 4.41353156, 0.79288615, 2.42575344), -9582.425561),
        ("mbg_nbd", (0.52483798, 6.18299202, 0.89135616, 1.61399933), -9582.132685),
        ("pareto_nbd", (0.55327551, 10.57761224, 0.60621357, 11.66791124), -9594.973930),
    ],
)
def test_order_models_reach_the_maximum(cdnow_orders, model, maximum, log_likelihood):
    fit = fit_orders(cdnow_orders, model)
    p = fit.parameters
    names = ORDER_MODELS[model].parameter_names
    np.testing.assert_allclose([getattr(p, name) for name in names], maximum, atol=6e-9)
    assert fit.quality.log_likelihood == pytest.approx(log_likelihood, abs=6e-7)
    assert fit.quality.gradient_norm <= 1e-10
    assert fit.quality.evaluation_count <= 30  # three climbs


def test_gamma_gamma_reaches_the_maximum(cdnow_spend):
    fit = fit_spend(cdnow_spend)
    p = fit.parameters
    np.testing.assert_allclose([p.p, p.q, p.v], (6.248802, 3.744588, 15.447748), atol=6e-7)
    assert fit.quality.log_likelihood == pytest.approx(-4055.923244, abs=6e-7)
    assert fit.quality.gradient_norm <= 1e-10
    assert fit.left_out_count == 0
    assert cdnow_spend.customer_count == 946


@pytest.mark.parametrize(
    ("parameters", "orders", "alive"),
    [
        (
            BgParameters("bg_nbd", 0.24259291, 4.41353156, 0.79288615, 2.42575344),
            1.22591045253,
            0.726609151154,
        ),
        (
            BgParameters("mbg_nbd", 0.52483801, 6.18299217, 0.89135610, 1.61399911),
            1.26267079976,
            0.706126245915,
        ),
        (PARETO, 1.4551129547, 0.869118717896),
    ],
)
def test_a_customer_is_expected_to_order(parameters, orders, alive):
    nodes = ORDER_MODELS[parameters.model].node_table(parameters, np.arange(3.0))
    assert probability_alive(parameters, 2, 30.43, 38.86) == pytest.approx(alive, rel=1e-11)
    assert expected_orders(parameters, nodes, 2, 30.43, 38.86, days=39) == pytest.approx(
        orders, rel=3e-11
    )


def test_a_customer_of_many_orders_goes_on_ordering():
    nodes = ORDER_MODELS["pareto_nbd"].node_table(PARETO, np.zeros(1))
    assert probability_alive(PARETO, 26, 30.86, 31) == pytest.approx(0.997918, abs=5e-7)
    assert expected_orders(PARETO, nodes, 26, 30.86, 31, days=52) == pytest.approx(
        25.4565, abs=6e-5
    )
    assert expected_orders(PARETO, nodes, 0, 0, 0, days=52) == pytest.approx(1.473, abs=5e-4)


@pytest.mark.parametrize(
    ("parameters", "exact", "published"),
    [
        # By quadrature of the definition at 30 digits: at the maximum, and at it to three digits.
        # What is published for BG/NBD is that at the maximum.
        (PARETO, 6.50019870109518541440500681898744, 6.5011),
        (
            ParetoParameters(0.553, 10.578, 0.606, 11.669),
            6.50173053756422931857878843754261,
            6.5011,
        ),
        (
            BgParameters("bg_nbd", 0.24259291, 4.41353156, 0.79288615, 2.42575344),
            5.16963701068549844460342824866,
            5.16964,
        ),
    ],
)
def test_orders_to_the_end_are_those_published(parameters, exact, published):
    # The rate is per 365 days, and here a day is a week.
    annual_rate = 1.15 ** (365 / 52) - 1
    history = np.array([2.0]), np.array([30.43]), np.array([38.86])
    nodes = ORDER_MODELS[parameters.model].node_table(parameters, history[0], FAR)
    orders = residual_orders(parameters, nodes, *history, annual_rate=annual_rate)
    assert orders == pytest.approx(exact, rel=1e-10)
    assert orders == pytest.approx(published, abs=1e-3)


def test_a_new_customer_orders_1_444_times_in_a_year():
    parameters = BgParameters("bg_nbd", 0.24259291, 4.41353156, 0.79288615, 2.42575344)
    nodes = node_table(parameters, np.zeros(1))
    assert expected_orders(parameters, nodes, 0, 0, 0, days=52) == pytest.approx(1.444, abs=5e-4)


@pytest.mark.parametrize(
    ("model", "absolute", "root_mean_square", "correlation", "bias"),
    [
        ("pareto_nbd", 0.7545, 1.603, 0.630, -0.115),
        ("mbg_nbd", 0.7648, 1.607, 0.627, -0.162),
        ("bg_nbd", 0.7855, 1.608, 0.626, -0.121),
    ],
)
def test_the_next_39_weeks_are_foretold(
    cdnow_split, model, absolute, root_mean_square, correlation, bias
):
    counts, future = cdnow_split
    assert (len(future), future.sum()) == (2357, 1882)
    parameters = fit_orders(counts, model).parameters
    x, t_x, observed = counts.repeat_orders, counts.first_to_last_days, counts.observed_days
    nodes = ORDER_MODELS[model].node_table(parameters, np.arange(x.max() + 1))
    expected = expected_orders(parameters, nodes, x, t_x, observed, days=39)
    error = expected - future
    assert np.abs(error).mean() == pytest.approx(absolute, abs=6e-5)
    assert np.sqrt((error**2).mean()) == pytest.approx(root_mean_square, abs=6e-4)
    assert np.corrcoef(expected, future)[0, 1] == pytest.approx(correlation, abs=6e-4)
    assert error.sum() / future.sum() == pytest.approx(bias, abs=6e-4)


def test_order_values_are_shrunk_towards_the_mean_of_all(cdnow_spend):
    p = fit_spend(cdnow_spend).parameters
    everyone = p.p * p.v / (p.q - 1)
    assert expected_order_value(p, 0, np.nan) == pytest.approx(everyone)
    assert everyone < expected_order_value(p, 1, 100) < expected_order_value(p, 9, 100) < 100
