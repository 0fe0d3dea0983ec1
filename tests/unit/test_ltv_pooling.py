"""Groups that lean on each other are closer to the truth than groups alone or all as one."""

from __future__ import annotations

import numpy as np
import pytest
from group_cases import SPEND, simulated, together
from scipy.optimize import minimize

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.forecast import expected_orders
from rfm_cli.ltv.group_fits import fit_order_groups, fit_spend_groups
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts
from rfm_cli.ltv.parameters import SpendParameters
from rfm_cli.ltv.pooling import pool_groups

TYPICAL = {
    "mbg_nbd": (0.8, 50.0, 0.9, 2.5),
    "bg_nbd": (0.8, 50.0, 0.9, 2.5),
    "pareto_nbd": (0.8, 50.0, 0.7, 80.0),
}
SIZES = np.round(np.geomspace(30, 3000, 20)).astype(int)


def quadratic(center, precision):
    """A log-likelihood that is quadratic, as those of large groups are."""

    def at(point):
        away = point - center
        return -float(away @ precision @ away) / 2, -precision @ away, -precision

    return at


def test_the_prior_is_that_of_the_restricted_likelihood():
    """Quadratic groups have a restricted likelihood in closed form; its maximum is found."""
    random = np.random.default_rng(3)
    truth = random.normal([1.0, -0.5], [0.6, 0.3], (8, 2))
    precisions = np.array([np.diag(random.uniform(2, 60, 2)) + 1 for _ in truth])
    centers = np.array(
        [
            random.multivariate_normal(t, np.linalg.inv(p))
            for t, p in zip(truth, precisions, strict=True)
        ]
    )
    likelihoods = [quadratic(c, p) for c, p in zip(centers, precisions, strict=True)]
    found = pool_groups(likelihoods, [1.0] * 8, np.zeros(2), np.eye(2))

    def restricted(log_variances):
        marginal = [np.linalg.inv(p) + np.diag(np.exp(log_variances)) for p in precisions]
        weights = np.linalg.inv(marginal)
        total = weights.sum(axis=0)
        mean = np.linalg.solve(total, np.einsum("gij,gj->i", weights, centers))
        away = centers - mean
        return (
            np.linalg.slogdet(marginal)[1].sum()
            + np.linalg.slogdet(total)[1]
            + np.einsum("gi,gij,gj->", away, weights, away)
        ), mean

    best = minimize(lambda v: restricted(v)[0], [-1.0, -1.0], method="Nelder-Mead", tol=1e-12)
    np.testing.assert_allclose(found.spreads, np.exp(best.x / 2), rtol=1e-3)
    np.testing.assert_allclose(found.center, restricted(best.x)[1], rtol=1e-3)
    # A group's estimate is the mean of its own and the center, weighted by their precisions.
    weight = np.diag(found.spreads**-2)
    for point, center, precision in zip(found.points, centers, precisions, strict=True):
        wanted = np.linalg.solve(precision + weight, precision @ center + weight @ found.center)
        np.testing.assert_allclose(point, wanted, rtol=1e-9)


def test_groups_that_are_alike_share_one_fit():
    likelihoods = [quadratic(np.array([0.3]), np.array([[50.0]]))] * 6
    found = pool_groups(likelihoods, [1.0] * 6, np.zeros(1), np.eye(1))
    np.testing.assert_allclose(found.points, 0.3, atol=1e-9)
    assert found.spreads[0] < 0.03


@pytest.fixture(scope="module", params=tuple(TYPICAL))
def twenty_groups(request):
    """Twenty groups of 30 to 3,000 customers, their true log-parameters and what they do next."""
    model = request.param
    random = np.random.default_rng(1)
    differ = np.array([[1, -1, 0, 0], [1, 0, 0, 0], [0, 0, 1, -1], [0, 0, 1, 0]])
    customers, truths = {}, []
    for number, size in enumerate(SIZES):
        away = random.normal(size=4) * (0.4, 0.2, 0.4, 0.2)
        truths.append(np.log(TYPICAL[model]) + np.linalg.solve(differ, away))
        customers[f"group={number}"] = simulated(
            model, truths[-1], int(size), 100 + number, observed_days=730, future_days=365
        )
    return model, customers, np.array(truths)


def test_partial_pooling_beats_groups_alone_and_all_as_one(twenty_groups):
    model, customers, truths = twenty_groups
    groups = {group: one.order_counts() for group, one in customers.items()}
    form = ORDER_MODELS[model]
    everybody = fit_orders(together(groups), model).parameters
    all_as_one = np.log([getattr(everybody, name) for name in form.parameter_names])
    fits = fit_order_groups(everybody, groups, "partial")
    alone = []
    for counts in groups.values():
        try:
            found = fit_orders(counts, model, min_repeat_customers=1).parameters
            alone.append(np.log([getattr(found, name) for name in form.parameter_names]))
        except FitRefused:
            alone.append(all_as_one)
    estimates = {
        "partial": np.log(list(fits.estimates.values())),
        "alone": np.array(alone),
        "all as one": np.tile(all_as_one, (len(groups), 1)),
    }
    parameter_error = {k: ((v - truths) ** 2).mean() for k, v in estimates.items()}
    assert parameter_error["partial"] < 0.6 * parameter_error["alone"]
    assert parameter_error["partial"] < 0.6 * parameter_error["all as one"]

    def foretold(row, one):
        parameters = form.parameters(*np.exp(row))
        nodes = form.node_table(parameters, covered_order_counts(one.repeat_orders))
        return expected_orders(
            parameters,
            nodes,
            one.repeat_orders,
            one.first_to_last_days,
            one.observed_days,
            days=365.0,
        ).mean()

    # What a group orders in the next year, per customer, by the truth.
    wanted = np.array([foretold(r, c) for r, c in zip(truths, customers.values(), strict=True)])
    future_error = {
        how: (
            (
                np.array([foretold(r, c) for r, c in zip(rows, customers.values(), strict=True)])
                / wanted
                - 1
            )
            ** 2
        ).mean()
        for how, rows in estimates.items()
    }
    assert future_error["partial"] < future_error["alone"]
    assert future_error["partial"] < future_error["all as one"]


def test_standard_errors_hold(twenty_groups):
    """Errors over their standard errors have a mean square near 1."""
    model, customers, truths = twenty_groups
    groups = {group: one.order_counts() for group, one in customers.items()}
    fits = fit_order_groups(fit_orders(together(groups), model).parameters, groups, "partial")
    estimates = np.array(list(fits.estimates.values()))
    errors = np.array(list(fits.standard_errors.values())) / estimates
    assert 0.5 < (((np.log(estimates) - truths) / errors) ** 2).mean() < 1.6


def _four_groups(model):
    return {
        f"group={number}": simulated(model, np.log(TYPICAL[model]), 2000, number).order_counts()
        for number in range(4)
    }


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_a_group_of_one_customer_is_like_the_others(model):
    groups = _four_groups(model) | {"once": OrderCounts([0], [0], [30], [1])}
    everybody = fit_orders(together(groups), model).parameters
    fits = fit_order_groups(everybody, groups, "partial")
    others = np.log([row for group, row in fits.estimates.items() if group != "once"])
    assert np.abs(np.log(fits.estimates["once"]) - others.mean(axis=0)).max() < 0.1


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_extreme_groups_have_finite_parameters_and_leave_the_others_alone(model):
    """Of one nobody came back, of another the only customer did, 500 times."""
    groups = _four_groups(model) | {
        "nobody": OrderCounts([0, 0], [0, 0], [90, 200], [30, 20]),
        "many": OrderCounts([500], [700], [720], [1]),
    }
    everybody = fit_orders(together(groups), model).parameters
    fits = fit_order_groups(everybody, groups, "partial")
    for group, row in fits.estimates.items():
        assert np.isfinite(row).all()
        assert np.isfinite(fits.standard_errors[group]).all()
        if group.startswith("group"):
            assert np.abs(np.log(row) - np.log(TYPICAL[model])).max() < 0.4, group


def test_the_order_of_groups_decides_nothing():
    groups = {
        f"group={number}": simulated(
            "mbg_nbd", np.log([0.8, 40 + 10 * number, 0.9, 2.5]), 300, number
        ).order_counts()
        for number in range(5)
    }
    everybody = fit_orders(together(groups)).parameters
    forth = fit_order_groups(everybody, groups, "partial").estimates
    back = fit_order_groups(everybody, dict(reversed(groups.items())), "partial").estimates
    for group, row in forth.items():
        np.testing.assert_allclose(row, back[group], rtol=1e-6)


def test_spend_differs_between_groups():
    levels = {"a": 5.0, "b": 15.0, "c": 16.0, "d": 40.0}
    sizes = {"a": 3000, "b": 3000, "c": 60, "d": 3000}
    groups = {
        group: simulated(
            "mbg_nbd", np.log(TYPICAL["mbg_nbd"]), sizes[group], 7, SpendParameters(6.25, 3.74, v)
        ).spend_counts()
        for group, v in levels.items()
    }
    groups["nobody came back"] = SpendCounts([], [], [])
    fits = fit_spend_groups(fit_spend(together(groups)).parameters, groups, "partial")
    for group, v in levels.items():
        p, q, scale = fits.estimates[group]
        wanted = 6.25 * v / 2.74
        assert p * scale / (q - 1) == pytest.approx(wanted, rel=0.2 if group == "c" else 0.06)
    p, q, scale = fits.estimates["nobody came back"]
    assert 6.25 * 5 / 2.74 < p * scale / (q - 1) < 6.25 * 40 / 2.74


def test_a_group_without_a_mean_order_spends_as_everybody():
    """Here q is far below 1: a few customers spend without limit."""
    wild = simulated(
        "mbg_nbd", np.log(TYPICAL["mbg_nbd"]), 4000, 5, SpendParameters(6.0, 0.6, 5.0)
    ).spend_counts()
    groups = {
        "wild": wild,
        **{
            f"group={number}": simulated(
                "mbg_nbd", np.log(TYPICAL["mbg_nbd"]), 2000, number
            ).spend_counts()
            for number in range(3)
        },
    }
    fits = fit_spend_groups(SPEND, groups, "partial")
    assert fits.estimates["wild"] == (SPEND.p, SPEND.q, SPEND.v)
    assert np.isnan(fits.standard_errors["wild"]).all()
    # `wild` comes first; the others have covariances with each other, and none with it.
    unknown = np.isnan(fits.covariances)
    assert unknown[0].all()
    assert unknown[:, 0].all()
    assert not unknown[1:, 1:].any()
    assert fits.estimates["group=1"][1] > 1
