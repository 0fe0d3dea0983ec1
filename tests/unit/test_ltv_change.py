"""What customers would do if they changed, against sampling and the models as they are."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.change import AS_IS, Change
from rfm_cli.ltv.changed_orders import MONTHS, changed_orders
from rfm_cli.ltv.forecast import discounted_expected_orders, probability_alive
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters

BG = BgParameters("bg_nbd", 0.8, 40.0, 0.9, 2.5)
MBG = BgParameters("mbg_nbd", 0.8, 40.0, 0.9, 2.5)
PARETO = ParetoParameters(0.8, 40.0, 0.7, 200.0)


@pytest.mark.parametrize("parameters", [BG, MBG, PARETO], ids=lambda p: p.model)
@pytest.mark.parametrize("change", [AS_IS, Change(1.3, 0.8), Change(0.7, 1.5)])
def test_orders_and_staying_are_those_of_sampled_customers(parameters, change):
    """Of each sampled customer, given rate and dropout, both have a plain closed form."""
    x, observed, days = 3.0, 150.0, 365.0
    draw = np.random.default_rng(5)
    size = 400_000
    rate = draw.gamma(parameters.r + x, 1 / (parameters.alpha + observed), size) * change.order_rate
    if parameters.model == "pareto_nbd":
        leaving = draw.gamma(parameters.s, 1 / (parameters.beta + observed), size) * change.dropout
    else:
        survived = x + (1 if parameters.model == "mbg_nbd" else 0)
        p = np.minimum(1, change.dropout * draw.beta(parameters.a, parameters.b + survived, size))
        leaving = rate * p
    stays = np.exp(-leaving * days)
    orders = rate * -np.expm1(-leaving * days) / leaving
    form = ORDER_MODELS[parameters.model]
    history = (parameters, form.node_table(parameters, np.array([x])), np.array([x]))
    arguments = (*history, np.array([observed]), np.array(days))
    for sampled, found in (
        (orders, form.expected_orders_alive(*arguments, change=change)),
        (stays, form.staying_probability(*arguments, change=change)),
    ):
        error = 4 * sampled.std() / np.sqrt(size)
        assert found == pytest.approx(sampled.mean(), abs=error)


def test_as_they_are_nothing_changes():
    x, observed = np.array([0.0, 2.0, 9.0]), np.array([30.0, 400.0, 800.0])
    found = changed_orders(
        {"": MBG, "channel=web": PARETO},
        np.array(["", "channel=web", ""]),
        x,
        observed,
        change=AS_IS,
        annual_rate=0.1,
    )
    for place, parameters in enumerate((MBG, PARETO, MBG)):
        nodes = ORDER_MODELS[parameters.model].node_table(parameters, np.arange(10.0))
        one = (x[place], observed[place], observed[place])
        alive = probability_alive(parameters, *one)
        for months in MONTHS:
            wanted = discounted_expected_orders(parameters, nodes, *one, months=months) / alive
            assert found.orders[months][place] == pytest.approx(float(wanted), rel=1e-12)
