"""The published data set of the field gives the maximum that it must give."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.forecast import (
    expected_order_value,
    expected_orders,
    probability_alive,
)
from rfm_cli.ltv.nodes import node_table
from rfm_cli.ltv.parameters import OrderParameters


@pytest.mark.parametrize(
    ("model", "maximum", "log_likelihood"),
    [
        ("bg_nbd", (0.24259291, 4.41353156, 0.79288615, 2.42575344), -9582.425561),
        ("mbg_nbd", (0.52483798, 6.18299202, 0.89135616, 1.61399933), -9582.132685),
    ],
)
def test_order_models_reach_the_maximum(cdnow_orders, model, maximum, log_likelihood):
    fit = fit_orders(cdnow_orders, model)
    p = fit.parameters
    np.testing.assert_allclose([p.r, p.alpha, p.a, p.b], maximum, atol=6e-9)
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
            OrderParameters("bg_nbd", 0.24259291, 4.41353156, 0.79288615, 2.42575344),
            1.22591045253,
            0.726609151154,
        ),
        (
            OrderParameters("mbg_nbd", 0.52483801, 6.18299217, 0.89135610, 1.61399911),
            1.26267079976,
            0.706126245915,
        ),
    ],
)
def test_a_customer_is_expected_to_order(parameters, orders, alive):
    nodes = node_table(parameters, np.arange(3.0))
    assert probability_alive(parameters, 2, 30.43, 38.86) == pytest.approx(alive, rel=1e-11)
    assert expected_orders(parameters, nodes, 2, 30.43, 38.86, days=39) == pytest.approx(
        orders, rel=1e-11
    )


def test_a_new_customer_orders_1_444_times_in_a_year():
    parameters = OrderParameters("bg_nbd", 0.24259291, 4.41353156, 0.79288615, 2.42575344)
    nodes = node_table(parameters, np.zeros(1))
    assert expected_orders(parameters, nodes, 0, 0, 0, days=52) == pytest.approx(1.444, abs=5e-4)


def test_order_values_are_shrunk_towards_the_mean_of_all(cdnow_spend):
    p = fit_spend(cdnow_spend).parameters
    everyone = p.p * p.v / (p.q - 1)
    assert expected_order_value(p, 0, np.nan) == pytest.approx(everyone)
    assert everyone < expected_order_value(p, 1, 100) < expected_order_value(p, 9, 100) < 100
