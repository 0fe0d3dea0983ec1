"""Covariates: the likelihood by the chain rule, simulated effects found, awkward groups."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from group_cases import SPEND, simulated, together
from ltv_reference import order_log_likelihood

from rfm_cli.ltv.counts import OrderCounts
from rfm_cli.ltv.covariates import design_of, effects_likelihood, terms_of
from rfm_cli.ltv.fit import fit_orders, fit_spend
from rfm_cli.ltv.group_fits import fit_order_groups, fit_spend_groups
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import SpendParameters

# Effects on the logarithms of the parameters; what is not shifted is 0.
TRUTHS = {
    "mbg_nbd": ((0.9, 40.0, 1.0, 3.0), (0, 0.4, 0.3, -0.2), (0, -0.3, -0.2, 0.1)),
    "bg_nbd": ((0.9, 40.0, 1.0, 3.0), (0, 0.4, 0.3, -0.2), (0, -0.3, -0.2, 0.1)),
    "pareto_nbd": ((0.9, 40.0, 0.8, 100.0), (0, 0.4, 0, -0.5), (0, -0.3, 0, 0.4)),
}
SHIFTED = {"mbg_nbd": (1, 2, 3), "bg_nbd": (1, 2, 3), "pareto_nbd": (1, 3)}
HISTORIES = [  # x, t_x, T, customers of two groups
    [(0, 0, 0.1, 3), (1, 0.13, 2, 2), (7, 1, 1.01, 4)],
    [(0, 0, 4, 7), (3, 0, 0.9, 1)],
]


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_value_and_derivatives_are_the_papers(model):
    """Against sums of the papers' likelihoods, differentiated at 60 digits."""
    shifted = SHIFTED[model]
    rows = np.array([[0.0, 1.0], [1.0, 1.0]])
    designs = np.stack([design_of(row, 4, shifted) for row in rows])
    likelihoods = [
        ORDER_MODELS[model].likelihood(OrderCounts(*np.array(part, dtype=float).T), 1.0)
        for part in HISTORIES
    ]
    sizes = [sum(row[3] for row in part) for part in HISTORIES]
    point = np.concatenate([[-0.3, 0.2, -0.1, 0.5], np.linspace(-0.4, 0.6, 2 * len(shifted))])

    def reference(*phi):
        total = -sum(effect**2 for effect in phi[4:]) / 2  # the prior
        for row, part in zip(rows, HISTORIES, strict=True):
            logs = list(phi[:4])
            for term, has in enumerate(row):
                for place, parameter in enumerate(shifted):
                    logs[parameter] += has * phi[4 + term * len(shifted) + place]
            total += order_log_likelihood(model, logs, part)
        return total / sum(sizes)

    value, gradient, hessian = effects_likelihood(likelihoods, sizes, designs, 4)(point)
    with mp.workdps(60):
        step = mp.mpf(10) ** -15
        at = [mp.mpf(float(v)) for v in point]

        def moved(*moves):
            there = list(at)
            for index, times in moves:
                there[index] += times * step
            return reference(*there)

        slopes = [float((moved((i, 1)) - moved((i, -1))) / (2 * step)) for i in range(len(at))]
        curvature = [
            [
                float(
                    (
                        moved((i, 1), (j, 1))
                        - moved((i, 1), (j, -1))
                        - moved((i, -1), (j, 1))
                        + moved((i, -1), (j, -1))
                    )
                    / (4 * step**2)
                )
                for j in range(len(at))
            ]
            for i in range(len(at))
        ]
        assert value == pytest.approx(float(reference(*at)), rel=1e-12)
    np.testing.assert_allclose(gradient, slopes, rtol=0, atol=1e-12)
    np.testing.assert_allclose(hessian, curvature, rtol=0, atol=1e-11)


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_simulated_effects_are_found(model):
    base, of_shop, of_cohort = (np.array(row) for row in TRUTHS[model])
    groups = {}
    for channel, cohort in [("web", 1), ("web", 2), ("shop", 1), ("shop", 2)]:
        logs = np.log(base) + (channel == "shop") * of_shop + (cohort == 2) * of_cohort
        size = (20_000 if channel == "web" else 10_000) // cohort
        groups[f"channel={channel} & cohort_year={cohort}"] = simulated(
            model, logs, size, 40 + len(groups), observed_days=730
        ).order_counts()
    everybody = fit_orders(together(groups), model).parameters
    fits = fit_order_groups(everybody, groups, "covariates")
    names = ORDER_MODELS[model].parameter_names
    truths = {"channel=shop": of_shop, "cohort_year=2": of_cohort}
    assert len(fits.effects) == 2 * len(SHIFTED[model])
    for effect in fits.effects:
        truth = truths[effect.term][names.index(effect.parameter)]
        assert abs(effect.estimate - truth) < 3 * effect.standard_error, effect
    usual = "channel=web & cohort_year=1"
    for found, error, truth in zip(
        fits.estimates[usual], fits.standard_errors[usual], base, strict=True
    ):
        assert abs(found - truth) < 3 * error


def test_simulated_effects_on_spend_are_found():
    groups = {
        f"channel={channel}": simulated(
            "mbg_nbd", np.log([0.9, 40, 1, 3]), 20_000, 9, SpendParameters(6.25, 3.74, v)
        ).spend_counts()
        for channel, v in (("web", 15.4), ("shop", 23.1))
    }
    fits = fit_spend_groups(fit_spend(together(groups)).parameters, groups, "covariates")
    (effect,) = fits.effects
    wanted = np.log(23.1 / 15.4) if effect.term == "channel=shop" else np.log(15.4 / 23.1)
    assert abs(effect.estimate - wanted) < 3 * effect.standard_error
    assert fits.estimates["channel=web"][1] == pytest.approx(SPEND.q, rel=0.1)


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_a_value_of_which_nothing_is_known_has_hardly_an_effect(model):
    base = np.log(TRUTHS[model][0])
    groups = {
        "channel=web": simulated(model, base, 5000, 1).order_counts(),
        "channel=shop": simulated(model, base, 5000, 2).order_counts(),
        "channel=one": OrderCounts([0], [0], [10], [1]),
        "(other)": OrderCounts([0], [0], [20], [3]),
    }
    everybody = fit_orders(together(groups), model).parameters
    fits = fit_order_groups(everybody, groups, "covariates")
    for effect in fits.effects:
        assert np.isfinite([effect.estimate, effect.standard_error]).all()
        if effect.term != "channel=shop":
            assert abs(effect.estimate) < effect.standard_error
    assert {effect.term for effect in fits.effects} >= {"channel=one", "(other)"}


def test_terms_are_the_values_but_the_most_frequent_of_each_attribute():
    terms, indicators = terms_of(
        {
            "channel=web & cohort_year=2023": 10,
            "channel=web & cohort_year=2024": 25,
            "channel=a=b & cohort_year=2024": 20,
            "(other)": 5,
        }
    )
    assert terms == ["channel=a=b", "cohort_year=2023", "(other)"]
    np.testing.assert_array_equal(indicators, [[0, 1, 0], [0, 0, 0], [1, 0, 0], [0, 0, 1]])
