"""The uncertainty of sums of values: brute force, central differences, and simulated shops."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from group_cases import together

from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.forecast import (
    discounted_expected_orders,
    expected_order_value,
    expected_orders_alive,
    probability_alive,
)
from rfm_cli.ltv.group_fits import fit_spend_groups
from rfm_cli.ltv.learn import learn_ltv
from rfm_cli.ltv.learn_groups import learn_groups
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import NodeTable, gauss_jacobi
from rfm_cli.ltv.parameters import BgParameters, SpendParameters, dropout_chances
from rfm_cli.ltv.simulate import simulate_customers
from rfm_cli.ltv.sums import uncertain_values

SPEND = SpendParameters(6.25, 3.74, 15.45)
# CDNOW's fits, and the awkward: a = 1, s = 1 and 2, hardly any dropout and much, far apart scales.
PARAMETER_SETS = [
    ("mbg_nbd", 0.525, 43.281, 0.891, 1.614),
    ("bg_nbd", 0.243, 30.898, 0.793, 2.426),
    ("mbg_nbd", 2.0, 100.0, 1.0, 3.0),
    ("bg_nbd", 0.9, 14.0, 0.1, 0.4),
    ("mbg_nbd", 1.3, 60.0, 5.0, 20.0),
    ("pareto_nbd", 0.553, 74.046, 0.606, 81.683),
    ("pareto_nbd", 2.0, 100.0, 1.0, 30.0),
    ("pareto_nbd", 1.5, 90.0, 1.0001, 90.0),
    ("pareto_nbd", 1.5, 90.0, 2.0, 900.0),
    ("pareto_nbd", 0.5, 1000.0, 0.2, 1.0),
    ("pareto_nbd", 0.3, 0.1, 20.0, 10_000.0),
    # All but equal dropout.
    ("pareto_nbd", 1.408, 9.53, 246.56, 1_815_534.0),
    ("mbg_nbd", 0.087, 6.181, 1962.0, 8103.1),
]
STEP = 1e-5
NINETY_PERCENT = 1.6448536269514722


def histories(order_counts, observed_days=(1, 2, 10, 91, 400, 1500, 3650)):
    """Arrays x, t_x and T, from a day to ten years, with orders early, late and to the end."""
    rows = {
        (x, int(share * (observed - 1)) if x else 0, observed)
        for x in order_counts
        for observed in observed_days
        for share in (0.0, 0.5, 0.9, 1.0)
    }
    x, t_x, observed = np.array(sorted(rows), dtype=float).T
    return x, t_x, observed


def values(model, logs, history, amount):
    orders = ORDER_MODELS[model].parameters(*np.exp(logs[:4]))
    nodes = ORDER_MODELS[model].node_table(orders, np.unique(history[0]))
    mean = amount / np.maximum(history[0], 1)
    return discounted_expected_orders(orders, nodes, *history) * expected_order_value(
        SpendParameters(*np.exp(logs[4:])), history[0], mean
    )


@pytest.mark.parametrize("parameters", PARAMETER_SETS)
def test_variance_is_that_of_each_number_of_orders(parameters):
    """The formulas for E[N] and E[N (N-1)] beside the chances of up to 5,000 orders."""
    name, *numbers = parameters
    model = ORDER_MODELS[name]
    orders = model.parameters(*numbers)
    history = histories([0, 1, 3, 20], (10, 91, 1500))
    x, _, observed = history
    amount = 20 * x
    nodes = model.node_table(orders, np.unique(x))
    found = uncertain_values(orders, SPEND, nodes, history, amount)
    alive = probability_alive(orders, *history)
    year = expected_orders_alive(orders, nodes, x, observed, 365.0)
    shrink = discounted_expected_orders(orders, nodes, *history) / alive / year
    order_numbers = np.arange(1.0, 5001.0)
    squares = np.empty(len(x))
    for count, days in set(zip(x, observed, strict=True)):
        at_least = model.orders_at_least(orders, count, np.array([days]), order_numbers, 365.0)[0]
        chances = at_least - np.append(at_least[1:], 0.0)
        here = (x == count) & (observed == days)
        # Given nu, n orders come to Gamma(p n, nu); nu is Gamma(p x + q, v + amount).
        shape = SPEND.p * count + SPEND.q
        of_rate = (SPEND.v + 20 * count) ** 2 / ((shape - 1) * (shape - 2))
        total = SPEND.p * order_numbers
        squares[here] = of_rate * (chances @ (total * (total + 1)))
    wanted = alive * shrink**2 * squares - found.value**2
    np.testing.assert_allclose(found.own_variance, wanted, rtol=1e-6)


@pytest.mark.parametrize("parameters", PARAMETER_SETS)
def test_slopes_are_central_differences(parameters):
    name, *numbers = parameters
    history = histories([0, 1, 3, 20, 150, 500])
    amount = np.where(history[0] > 0, 20 * history[0] + 10, 0.0)
    orders = ORDER_MODELS[name].parameters(*numbers)
    nodes = ORDER_MODELS[name].node_table(orders, np.unique(history[0]))
    found = uncertain_values(orders, SPEND, nodes, history, amount)
    logs = np.log([*numbers, SPEND.p, SPEND.q, SPEND.v])
    np.testing.assert_allclose(found.value, values(name, logs, history, amount), rtol=1e-9)
    for place, slopes in enumerate(found.slopes.T):
        step = STEP * np.eye(7)[place]
        wanted = values(name, logs + step, history, amount)
        wanted = (wanted - values(name, logs - step, history, amount)) / (2 * STEP)
        apart = np.abs(slopes - wanted)
        assert (apart <= 1e-3 * np.maximum(found.value, np.abs(wanted))).all(), place


def test_where_spend_has_no_variance_values_have_none():
    """Only who has bought again often enough says how much: p x + q must be above 2."""
    orders = BgParameters("mbg_nbd", 0.525, 43.281, 0.891, 1.614)
    x = np.array([0.0, 1, 2])
    nodes = ORDER_MODELS["mbg_nbd"].node_table(orders, x)
    history = (x, np.array([0.0, 50, 50]), np.full(3, 100.0))
    found = uncertain_values(orders, SpendParameters(0.5, 1.5, 20.0), nodes, history, 20 * x)
    np.testing.assert_array_equal(np.isfinite(found.own_variance), [False, False, True])


def counts_of(groups):
    """Counts of groups, and of all together."""
    customers = {
        group: simulate_customers(BgParameters("mbg_nbd", 0.9, alpha, 0.8, 2.5), SPEND, 400, seed=n)
        for n, (group, alpha) in enumerate(groups.items())
    }
    orders = {group: of.order_counts() for group, of in customers.items()}
    spend = {group: of.spend_counts() for group, of in customers.items()}
    return orders, spend


def test_groups_that_lean_on_each_other_are_wrong_together():
    """Their covariances with each other are those of one normal distribution."""
    orders, spend = counts_of({"web": 40.0, "shop": 60.0, "app": 50.0})
    fit = learn_ltv(together(orders), together(spend))
    for pooling in ("partial", "covariates"):
        groups = learn_groups(fit, orders, spend, pooling=pooling)
        keys = [("", *row[:2]) for row in fit.parameters] + [row[:3] for row in groups.parameters]
        errors = [row[3] / row[2] for row in fit.parameters]
        errors += [row[4] / row[3] for row in groups.parameters]
        matrix = np.zeros((len(keys), len(keys)))
        for group, other, model, name, other_name, covariance in groups.covariances:
            matrix[keys.index((group, model, name)), keys.index((other, model, other_name))] = (
                covariance
            )
        np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(np.diag(matrix), np.square(errors), rtol=1e-9)
        assert np.linalg.eigvalsh(matrix).min() > -1e-9
        rates = [keys.index((group, "mbg_nbd", "r")) for group in ("web", "shop")]
        assert matrix[rates[0], rates[1]] > 0
        assert matrix[0, rates[0]] == 0  # everybody's fit and a group's are taken to be apart


def test_a_group_with_the_spend_of_everybody_has_its_covariances(monkeypatch):
    """As if `app` had no mean; test_ltv_pooling.py has a group that really has none."""

    def fit_all_but_app(everybody, groups, pooling):
        fits = fit_spend_groups(everybody, groups, pooling)
        number = list(groups).index("app")
        fits.estimates["app"] = (everybody.p, everybody.q, everybody.v)
        fits.standard_errors["app"] = (np.nan,) * 3
        fits.covariances[number] = fits.covariances[:, number] = np.nan
        return fits

    # The package has a function of the name of the module.
    module = sys.modules["rfm_cli.ltv.learn_groups"]
    monkeypatch.setattr(module, "fit_spend_groups", fit_all_but_app)
    orders, spend = counts_of({"web": 40.0, "shop": 60.0, "app": 50.0})
    fit = learn_ltv(together(orders), together(spend))
    groups = learn_groups(fit, orders, spend)
    of = {row[:5]: row[5] for row in groups.covariances if row[2] == "gamma_gamma"}
    for name in ("p", "q", "v"):
        for other_name in ("p", "q", "v"):
            everybody = of["", "", "gamma_gamma", name, other_name]
            for group, other in (("app", "app"), ("app", ""), ("", "app")):
                assert of[group, other, "gamma_gamma", name, other_name] == everybody
            assert ("web", "app", "gamma_gamma", name, other_name) not in of
            assert ("web", "shop", "gamma_gamma", name, other_name) in of


def plain_nodes(parameters, order_counts):
    """Gauss-Jacobi nodes, made faster than those of the package and good enough for a year."""
    numbers = np.arange(1.0, 41.0)
    rules = [
        gauss_jacobi(
            parameters.a, parameters.b + float(dropout_chances(parameters.model, count)), 40
        )
        for count in order_counts
    ]
    return NodeTable(
        repeat_order_count=np.repeat(order_counts, 40),
        node_number=np.tile(numbers, len(order_counts)),
        dropout_probability=np.concatenate([points for points, _ in rules]),
        weight=np.concatenate([weights for _, weights in rules]),
        max_error=np.nan,
    )


def test_intervals_hold_what_simulated_shops_come_to():
    """200 shops of 400 customers, each fitted: 90 % of the sums of the next year lie within.

    Chance alone, as if the parameters were known, would explain fewer.
    """
    truth = BgParameters("mbg_nbd", 0.9, 42.0, 0.8, 2.5)
    within = within_own = 0
    for seed in range(200):
        customers = simulate_customers(truth, SPEND, 400, future_days=365, seed=seed)
        orders = fit_orders(customers.order_counts())
        spend = fit_spend(customers.spend_counts())
        history = (
            customers.repeat_orders,
            customers.first_to_last_days,
            customers.observed_days,
        )
        found = uncertain_values(
            orders.parameters,
            spend.parameters,
            plain_nodes(orders.parameters, np.unique(history[0])),
            history,
            customers.repeat_amount,
            annual_rate=0.0,
        )
        covariance = np.zeros((7, 7))
        covariance[:4, :4] = orders.quality.covariance
        covariance[4:, 4:] = spend.quality.covariance
        slopes = found.slopes.sum(axis=0)
        own = found.own_variance.sum()
        off = abs(customers.future_amount.sum() - found.value.sum())
        within += off <= NINETY_PERCENT * np.sqrt(own + slopes @ covariance @ slopes)
        within_own += off <= NINETY_PERCENT * np.sqrt(own)
    assert 170 <= within <= 190
    assert within_own < within - 4
