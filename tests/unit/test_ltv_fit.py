"""Fits find simulated truths, do not care about units, and refuse in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_cli.ltv.counts import OrderCounts, SpendCounts
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.fit import fit_orders, fit_spend, order_count_spend_correlation
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_customers

SPEND = SpendParameters(6.25, 3.74, 15.4)


def order_counts(*groups):
    return OrderCounts(*np.array(groups, dtype=float).reshape(-1, 4).T)


def spend_counts(*groups):
    return SpendCounts(*np.array(groups, dtype=float).reshape(-1, 3).T)


@pytest.mark.parametrize(
    "truth",
    [
        BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5),
        BgParameters("bg_nbd", 0.9, 60.0, 0.8, 2.5),
        ParetoParameters(0.9, 60.0, 0.6, 80.0),
        ParetoParameters(0.6, 15.0, 1.5, 400.0),
    ],
)
def test_simulated_truth_is_found(truth):
    customers = simulate_customers(truth, SPEND, 100_000, observed_days=730, seed=11)
    fit = fit_orders(customers.order_counts(), truth.model)
    names = ORDER_MODELS[truth.model].parameter_names
    for name, error in zip(names, fit.quality.standard_errors, strict=True):
        assert abs(getattr(fit.parameters, name) - getattr(truth, name)) < 3 * error
    fit = fit_spend(customers.spend_counts())
    for name, error in zip(("p", "q", "v"), fit.quality.standard_errors, strict=True):
        assert abs(getattr(fit.parameters, name) - getattr(SPEND, name)) < 3 * error


@pytest.mark.parametrize(
    ("truth", "seed"),
    [
        (BgParameters("mbg_nbd", 0.9, 60.0, 2500.0, 10_000.0), 3),
        (BgParameters("bg_nbd", 0.9, 60.0, 2500.0, 10_000.0), 3),
        (ParetoParameters(0.9, 60.0, 5000.0, 1e6), 0),
    ],
)
def test_customers_who_seem_equally_likely_to_stop_are_fitted_as_such(truth, seed):
    """Half of 18 such samples had no maximum: the best b, or beta, runs off to infinity."""
    customers = simulate_customers(truth, SPEND, 20_000, observed_days=730, seed=seed)
    counts = customers.order_counts()
    fit = fit_orders(counts, truth.model)
    assert fit.is_dropout_equal
    names = ORDER_MODELS[truth.model].parameter_names
    values = np.array([getattr(fit.parameters, name) for name in names])
    truths = np.array([getattr(truth, name) for name in names])
    errors = np.array(fit.quality.standard_errors)
    assert errors[3] == 0
    assert (np.abs(values - truths) < 3 * errors)[:2].all()
    # The dropout of everyone: a/(a+b), or s/beta.
    assert values[2] / values[3] == pytest.approx(
        truths[2] / truths[3], rel=3 * errors[2] / values[2]
    )
    assert np.isfinite(fit.quality.covariance).all()
    # It is the edge of what can be had: less equal is less likely, more equal hardly likelier.
    likelihood = ORDER_MODELS[truth.model].likelihood(counts, 1.0)

    def total(factor: float) -> float:
        point = np.log(values * np.array([1, 1, factor, factor]))
        return float(likelihood(point)[0]) * 20_000

    assert total(0.1) < total(1) < total(100) < total(1) + 0.1


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_time_unit_moves_times_only(cdnow_orders, model):
    weeks = fit_orders(cdnow_orders, model)
    days = fit_orders(
        OrderCounts(
            cdnow_orders.repeat_orders,
            cdnow_orders.first_to_last_days * 7,
            cdnow_orders.observed_days * 7,
            cdnow_orders.customers,
        ),
        model,
    )
    errors = zip(days.quality.standard_errors, weeks.quality.standard_errors, strict=True)
    for name, (error, error_in_weeks) in zip(
        ORDER_MODELS[model].parameter_names, errors, strict=True
    ):
        factor = 7 if name in ("alpha", "beta") else 1
        ratio = getattr(days.parameters, name) / getattr(weeks.parameters, name)
        assert ratio == pytest.approx(factor, rel=1e-7)
        assert error / error_in_weeks == pytest.approx(factor, rel=1e-6)
    repeat_orders = cdnow_orders.repeat_orders.sum()
    assert days.quality.log_likelihood == pytest.approx(
        weeks.quality.log_likelihood - repeat_orders * np.log(7), abs=1e-6
    )


def test_money_unit_moves_v_only(cdnow_spend):
    dollars = fit_spend(cdnow_spend)
    cents = fit_spend(
        SpendCounts(
            cdnow_spend.repeat_orders, cdnow_spend.repeat_amount * 100, cdnow_spend.customers
        )
    )
    for name, factor in (("p", 1), ("q", 1), ("v", 100)):
        ratio = getattr(cents.parameters, name) / getattr(dollars.parameters, name)
        assert ratio == pytest.approx(factor, rel=1e-7)
    assert cents.quality.log_likelihood == pytest.approx(
        dollars.quality.log_likelihood - 946 * np.log(100), abs=1e-6
    )


def test_standard_errors_are_the_spread_of_repeated_fits():
    truth = BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5)
    fits = [
        fit_orders(simulate_customers(truth, SPEND, 20_000, seed=seed).order_counts())
        for seed in range(60)
    ]
    spread = np.std([[f.parameters.r, f.parameters.alpha] for f in fits], axis=0)
    claimed = np.mean([f.quality.standard_errors[:2] for f in fits], axis=0)
    np.testing.assert_allclose(claimed / spread, 1, atol=0.3)


@pytest.mark.parametrize("model", ORDER_MODELS)
@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (order_counts(), "no customers"),
        (order_counts((0, 0, 30, 500)), "No customer has ordered a second time"),
        (order_counts((0, 0, 30, 500), (1, 4, 30, 49)), "Only 49 customers"),
        (order_counts((3, 0, 0, 500)), "No time|no time"),
        (order_counts(*((x, 100 if x else 0, 100, 10 + x) for x in range(20))), "stop ordering"),
    ],
)
def test_orders_are_refused_in_words(counts, words, model):
    with pytest.raises(FitRefused, match=words) as refusal:
        fit_orders(counts, model)
    assert refusal.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (spend_counts(), "Only 0 repeat customers"),
        (spend_counts((1, -5, 80), (2, 10, 20)), "Only 20 repeat customers"),
        (spend_counts((1, 9.99, 80), (3, 29.97, 20)), "same amount"),
        (spend_counts(*((1, 4.0**n, 100) for n in range(15))), "no common scale"),
        (spend_counts(*((50, 50 * m, 100) for m in (1, 2, 4, 8))), "bound|end"),
    ],
)
def test_spend_is_refused_in_words(counts, words):
    with pytest.raises(FitRefused, match=words) as refusal:
        fit_spend(counts)
    assert refusal.value.reason.endswith(".")


def test_an_average_without_limit_is_refused():
    orders = BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5)
    wild = simulate_customers(orders, SpendParameters(6.0, 0.7, 15.0), 20_000, seed=5)
    with pytest.raises(FitRefused, match=r"no limit \(q = 0\.[67]"):
        fit_spend(wild.spend_counts())


@pytest.mark.parametrize(
    "columns",
    [
        ([0.5], [0], [1], [1]),
        ([-1], [0], [1], [1]),
        ([1], [5], [4], [1]),
        ([0], [1], [4], [1]),
        ([1], [1], [4], [0]),
        ([1], [1], [np.nan], [1]),
        ([1, 2], [1], [4], [1]),
        ([[1]], [[1]], [[4]], [[1]]),
    ],
)
def test_impossible_order_counts_are_errors(columns):
    with pytest.raises(ValueError, match="counts:"):
        OrderCounts(*(np.array(column) for column in columns))


def test_spend_without_a_repeat_order_is_an_error():
    with pytest.raises(ValueError, match="repeat customers only"):
        spend_counts((0, 10, 1))


def test_customers_without_positive_spend_are_left_out_and_counted(cdnow_spend):
    more = SpendCounts(
        np.append(cdnow_spend.repeat_orders, [1, 2]),
        np.append(cdnow_spend.repeat_amount, [0, -30]),
        np.append(cdnow_spend.customers, [4, 3]),
    )
    fit = fit_spend(more)
    assert fit.left_out_count == 7
    assert fit.parameters == fit_spend(cdnow_spend).parameters


def test_correlation_counts_customers():
    assert order_count_spend_correlation(spend_counts((1, 10, 5), (2, 40, 5))) == pytest.approx(1)
    assert order_count_spend_correlation(spend_counts((1, 10, 5), (1, 40, 5))) == 0
    assert order_count_spend_correlation(spend_counts((1, 10, 5), (9, 90, 5))) == 0
    assert order_count_spend_correlation(spend_counts()) == 0
    x, m = np.array([1, 1, 1, 2, 3, 3]), np.array([5, 5, 5, 9, 2, 2])
    grouped = spend_counts((1, 5, 3), (2, 18, 1), (3, 6, 2))
    assert order_count_spend_correlation(grouped) == pytest.approx(np.corrcoef(x, m)[0, 1])


@st.composite
def any_orders(draw):
    groups = []
    for _ in range(draw(st.integers(1, 8))):
        x = draw(st.sampled_from([0, 0, 1, 1, 2, 5, 40, 3000]))
        observed = draw(st.sampled_from([0, 1, 2, 30, 365, 3650]))
        t_x = draw(st.integers(0, observed)) if x else 0
        groups.append((x, t_x, observed, draw(st.integers(1, 500))))
    return order_counts(*groups)


@st.composite
def any_spend(draw):
    amount = st.one_of(st.integers(-100, 10_000), st.floats(0.01, 1e9))
    groups = st.tuples(st.sampled_from([1, 2, 7, 3000]), amount, st.integers(1, 500))
    return spend_counts(*draw(st.lists(groups, min_size=1, max_size=8)))


def _assert_finite(parameters, quality):
    values = [value for value in vars(parameters).values() if not isinstance(value, str)]
    assert np.isfinite([*values, *quality.standard_errors, quality.log_likelihood]).all()
    assert (np.array(values) > 0).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("model", ORDER_MODELS)
@settings(max_examples=60, deadline=None)
@given(counts=any_orders())
def test_any_orders_give_a_fit_or_a_refusal(model, counts):
    try:
        fit = fit_orders(counts, model, min_repeat_customers=1)
    except FitRefused as refusal:
        assert len(refusal.reason) > 40
    else:
        _assert_finite(fit.parameters, fit.quality)


@pytest.mark.filterwarnings("error")
@settings(max_examples=60, deadline=None)
@given(counts=any_spend())
def test_any_spend_gives_a_fit_or_a_refusal(counts):
    try:
        fit = fit_spend(counts, min_repeat_customers=1)
    except FitRefused as refusal:
        assert len(refusal.reason) > 40
    else:
        _assert_finite(fit.parameters, fit.quality)
        assert fit.parameters.q > 1
