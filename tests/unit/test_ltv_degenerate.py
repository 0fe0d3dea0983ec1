"""Data no model was made for: a fit whose every number is finite, or a refusal in words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rfm_cli.ltv import FitRefused, OrderCounts, SpendCounts, SpendParameters, learn_ltv
from rfm_cli.ltv.forecast import expected_order_value, expected_orders, probability_alive
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts
from rfm_cli.ltv.parameters import BgParameters
from rfm_cli.ltv.simulate import simulate_customers

pytestmark = pytest.mark.filterwarnings("error")

SIZE = 200
ORDERS = BgParameters("mbg_nbd", 0.9, 60.0, 0.8, 2.5)
SPEND = SpendParameters(6.25, 3.74, 15.4)


def counts(x, t_x, observed, amount):
    """Count each customer by itself; `amount` is the total of the repeat orders."""
    x, t_x, observed, amount = np.broadcast_arrays(*map(np.asarray, (x, t_x, observed, amount)))
    again = x > 0
    return (
        OrderCounts(x, np.where(again, t_x, 0), observed, np.ones(len(x))),
        SpendCounts(x[again], amount[again], np.ones(again.sum())),
    )


def simulated(days: int = 730, spend: SpendParameters = SPEND):
    customers = simulate_customers(ORDERS, spend, 400, observed_days=days, seed=1)
    return customers.order_counts(), customers.spend_counts()


def with_amounts(change):
    orders, spend = simulated()
    amount = change(np.arange(len(spend.customers)), spend.repeat_amount)
    return orders, SpendCounts(spend.repeat_orders, amount, spend.customers)


def nobody_repeats(draw):
    return counts(0, 0, draw.integers(1, 700, SIZE), 0)


def everybody_repeats(draw):
    x, observed = draw.poisson(3, SIZE) + 1, draw.integers(30, 700, SIZE)
    return counts(x, observed * draw.random(SIZE) ** 0.2, observed, x * draw.gamma(5, 5, SIZE))


def everybody_repeats_once(draw):
    observed = draw.integers(30, 700, SIZE)
    return counts(np.ones(SIZE), observed * draw.random(SIZE), observed, draw.gamma(5, 5, SIZE))


def one_cohort(draw):
    x = draw.poisson(draw.gamma(0.9, 2, SIZE))
    return counts(x, 365 * draw.random(SIZE) ** 0.5, 365, x * draw.gamma(5, 5, SIZE))


def all_on_the_last_day(draw):
    x = draw.poisson(1, SIZE)
    return counts(x, 0, 1, x * draw.gamma(5, 5, SIZE))


def all_on_one_day_long_ago(draw):
    x = draw.poisson(1, SIZE)
    return counts(x, 0, 100, x * draw.gamma(5, 5, SIZE))


def thousands_of_orders(draw):
    x, observed = draw.poisson(draw.gamma(1.5, 2000, SIZE)), draw.integers(300, 3650, SIZE)
    return counts(x, observed - draw.integers(0, 30, SIZE), observed, x * draw.gamma(5, 5, SIZE))


def one_with_thousands_of_orders(draw):
    x = np.append(3000, draw.poisson(draw.gamma(0.7, 1.5, SIZE)))
    observed = draw.integers(300, 3650, SIZE + 1)
    last = observed * draw.random(SIZE + 1) ** 0.3
    return counts(x, last, observed, x * draw.gamma(5, 5, SIZE + 1))


def ten_years(_):
    return simulated(days=3650)


def a_mean_that_hardly_exists(_):
    return simulated(spend=SpendParameters(6.0, 1.3, 5.0))


def a_mean_that_does_not_exist(_):
    return simulated(spend=SpendParameters(6.0, 0.7, 5.0))


def amounts_of_a_power_law(draw):
    return with_amounts(lambda index, _: 1 + draw.pareto(0.8, len(index)))


def negative_amounts(_):
    return with_amounts(lambda _, amount: -amount)


def every_other_amount_negative(_):
    return with_amounts(lambda index, amount: np.where(index % 2, -amount, amount))


def free_orders(_):
    return with_amounts(lambda _, amount: 0 * amount)


def amounts_in_the_billions(_):
    return with_amounts(lambda _, amount: 1e10 * amount)


def subscriptions(draw):
    observed = draw.integers(30, 700, SIZE)
    x = observed // 30
    return counts(x, 30 * x, observed, 9.99 * x)


REFUSED = {
    nobody_repeats: "ordered a second time",
    everybody_repeats_once: "at a bound",
    all_on_the_last_day: "at a bound",
    all_on_one_day_long_ago: "at a bound",
    a_mean_that_does_not_exist: "the order amounts have no common scale|no limit",
    amounts_of_a_power_law: "the order amounts have no common scale|no limit",
    negative_amounts: "positive order amount",
    free_orders: "positive order amount",
    subscriptions: "stop ordering",
}
FITTED = [
    ten_years,
    a_mean_that_hardly_exists,
    every_other_amount_negative,
    amounts_in_the_billions,
]
EITHER = [everybody_repeats, one_cohort, thousands_of_orders, one_with_thousands_of_orders]


def name(case) -> str:
    return case if isinstance(case, str) else case.__name__


def assert_finite(fit, orders, spend) -> None:
    """Everything that the warehouse would get, and what it would make of it."""
    for column in [*fit.nodes.values(), *fit.intervals.values()]:
        assert np.isfinite(column).all()
    assert np.isfinite([numbers for *_, numbers in fit.diagnostics]).all()
    assert np.isfinite([row[2:] for row in fit.parameters]).all()
    model = ORDER_MODELS[fit.model]
    history = orders.repeat_orders, orders.first_to_last_days, orders.observed_days
    alive = probability_alive(fit.orders, *history)
    assert ((alive >= 0) & (alive <= 1)).all()
    nodes = model.node_table(fit.orders, covered_order_counts(orders.repeat_orders))
    some = slice(None, None, max(1, len(alive) // 20))
    for x, t_x, observed in zip(*(column[some] for column in history), strict=True):
        expected = expected_orders(fit.orders, nodes, x, t_x, observed, days=1095.0)
        assert np.isfinite(expected)
        assert expected >= 0
    value = expected_order_value(fit.spend, spend.repeat_orders, np.maximum(spend.mean_amount, 0))
    assert np.isfinite(value).all()
    assert (value > 0).all()


@pytest.mark.parametrize("model", ORDER_MODELS)
@pytest.mark.parametrize("case", [*REFUSED, *FITTED, *EITHER], ids=name)
def test_degenerate_data_are_fitted_or_refused_in_words(case, model):
    orders, spend = case(np.random.default_rng(3))
    try:
        fit = learn_ltv(orders, spend, model=model)
    except FitRefused as refusal:
        assert case not in FITTED, refusal.reason
        assert refusal.reason.endswith(".")
        assert len(refusal.reason) > 40
        assert re.search(REFUSED.get(case, "at a bound"), refusal.reason)
    else:
        assert case not in REFUSED
        assert_finite(fit, orders, spend)


@st.composite
def small_histories(draw):
    """A few customers, alike or not, with x up to 3,000 and T up to ten years."""
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        x = draw(st.sampled_from([0, 0, 1, 1, 2, 5, 40, 3000]))
        observed = draw(st.sampled_from([1, 2, 30, 365, 3650]))
        t_x = draw(st.integers(0, observed)) if x else 0
        amount = draw(st.one_of(st.integers(-100, 10_000), st.floats(0.01, 1e9)))
        rows += [(x, t_x, observed, amount)] * draw(st.integers(1, 60))
    return counts(*np.array(rows).T)


@pytest.mark.parametrize("model", ORDER_MODELS)
@settings(max_examples=40, deadline=None)
@given(history=small_histories())
def test_any_small_history_gives_finite_numbers_or_a_refusal(model, history):
    orders, spend = history
    try:
        fit = learn_ltv(orders, spend, model=model, min_repeat_customers=1)
    except FitRefused as refusal:
        assert len(refusal.reason) > 40
    else:
        assert_finite(fit, orders, spend)
