"""`learn_ltv` brings out what the fitted tables hold."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv import BgParameters, FitRefused, OrderCounts, SpendParameters, learn_ltv
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.simulate import simulate_customers


@pytest.fixture(scope="module")
def customers():
    return simulate_customers(
        BgParameters("mbg_nbd", 0.9, 42.0, 0.8, 2.5),
        SpendParameters(6.25, 3.74, 15.4),
        5000,
        seed=7,
    )


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_tables_are_complete(customers, model):
    fit = learn_ltv(customers.order_counts(), customers.spend_counts(), model=model)
    assert [(row[0], row[1]) for row in fit.parameters] == [
        *((model, name) for name in ORDER_MODELS[model].parameter_names),
        *(("gamma_gamma", name) for name in ("p", "q", "v")),
    ]
    assert all(estimate > error > 0 for _, _, estimate, error in fit.parameters)

    assert list(fit.nodes) == [
        "repeat_order_count",
        "node_number",
        "dropout_probability",
        "weight",
    ]
    has_closed_form = model == "pareto_nbd"
    assert (len(fit.nodes["weight"]) == 0) == has_closed_form

    assert list(fit.intervals) == [
        "repeat_order_count",
        "observed_days",
        "tail_probability",
        "value_ratio",
    ]
    assert len({len(column) for column in fit.intervals.values()}) == 1
    assert all(np.isfinite(column).all() for column in (fit.intervals | fit.nodes).values())


@pytest.mark.parametrize("model", ["mbg_nbd", "bg_nbd"])
def test_every_order_count_has_nodes(customers, model):
    fit = learn_ltv(customers.order_counts(), customers.spend_counts(), model=model)
    keys = set(zip(fit.nodes["repeat_order_count"], fit.nodes["node_number"], strict=True))
    assert len(keys) == len(fit.nodes["weight"])
    highest = customers.repeat_orders.max()
    np.testing.assert_array_equal(
        np.unique(fit.nodes["repeat_order_count"]), np.arange(np.ceil(1.25 * highest) + 11)
    )
    sums = np.bincount(fit.nodes["repeat_order_count"], fit.nodes["weight"])
    np.testing.assert_allclose(sums, 1, rtol=1e-13)


def test_diagnostics_say_how_good_the_fit_is(customers):
    fit = learn_ltv(customers.order_counts(), customers.spend_counts())
    diagnostics = {(model, name): value for model, name, value in fit.diagnostics}
    assert len(diagnostics) == len(fit.diagnostics)
    assert diagnostics["mbg_nbd", "customer_count"] == 5000
    again = (customers.repeat_orders > 0).sum()
    assert diagnostics["mbg_nbd", "repeat_customer_count"] == again
    assert diagnostics["gamma_gamma", "customer_count"] == again
    assert diagnostics["gamma_gamma", "left_out_count"] == 0
    assert abs(diagnostics["gamma_gamma", "order_count_spend_correlation"]) < 0.1
    assert diagnostics["mbg_nbd", "max_node_error"] <= 1e-11
    for model in ("mbg_nbd", "gamma_gamma"):
        assert diagnostics[model, "gradient_norm"] <= 1e-10
        assert diagnostics[model, "log_likelihood"] < 0
        assert diagnostics[model, "evaluation_count"] >= 5


def test_the_same_counts_give_the_same_fit(customers):
    orders, spend = customers.order_counts(), customers.spend_counts()
    first, again = learn_ltv(orders, spend), learn_ltv(orders, spend)
    assert first.parameters == again.parameters
    for name, column in first.intervals.items():
        np.testing.assert_array_equal(column, again.intervals[name])


def test_too_few_repeat_customers_are_refused(customers):
    one_time = OrderCounts(np.zeros(1), np.zeros(1), np.full(1, 30.0), np.full(1, 900.0))
    with pytest.raises(FitRefused, match="second time"):
        learn_ltv(one_time, customers.spend_counts())


def test_an_unknown_model_is_an_error(customers):
    with pytest.raises(ValueError, match="pareto"):
        learn_ltv(customers.order_counts(), customers.spend_counts(), model="pareto")
