"""Intervals hold what they promise for customers who follow the model."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.forecast import (
    DAYS_PER_MONTH,
    discount_factor,
    discounted_expected_orders,
    expected_order_value,
    expected_orders_alive,
    probability_alive,
)
from rfm_cli.ltv.intervals import (
    HORIZON_DAYS,
    TAIL_PROBABILITIES,
    interval_table,
    order_distribution,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import Orders, simulate_orders, summarise

SPEND = SpendParameters(6.25, 3.74, 15.4)
ANNUAL_RATE = 0.10
ORDERS = {
    "mbg_nbd": BgParameters("mbg_nbd", 0.9, 42.0, 0.8, 2.5),
    "bg_nbd": BgParameters("bg_nbd", 0.9, 42.0, 0.8, 2.5),
    "pareto_nbd": ParetoParameters(0.9, 42.0, 0.6, 80.0),
}


def covered(orders, spend, observed_days, size=40_000):
    """Say who ends below and who above the 90 % interval of discounted 12-month value.

    A value of 0 lies within an interval that starts at 0.
    """
    drawn = simulate_orders(
        orders,
        spend,
        size,
        acquisition_days=observed_days,
        total_days=observed_days + 365,
        seed=3,
    )
    month = np.ceil((drawn.day + 0.5 - observed_days) / DAYS_PER_MONTH)
    factor = np.where(month > 0, discount_factor(1, ANNUAL_RATE) ** month, 1)
    drawn = Orders(drawn.customer, drawn.day, drawn.amount * factor)
    customers = summarise(drawn, as_of_day=observed_days, future_days=365)
    x, t_x, observed = (
        customers.repeat_orders,
        customers.first_to_last_days,
        customers.observed_days,
    )
    nodes = ORDER_MODELS[orders.model].node_table(orders, np.arange(x.max() + 1))
    table = interval_table(orders, spend, x.max(), observed.max())
    alive = probability_alive(orders, x, t_x, observed)
    discounted = discounted_expected_orders(
        orders, nodes, x, t_x, observed, annual_rate=ANNUAL_RATE
    )
    mean = discounted * expected_order_value(spend, x, customers.repeat_amount / np.maximum(x, 1))
    upper = mean / alive * table.ratio(x, observed, 0.05 / alive)
    lower = mean / alive * table.ratio(x, observed, 0.95 / alive)
    assert customers.future_amount.sum() == pytest.approx(mean.sum(), rel=0.05)
    assert (lower <= upper).all()
    return x, customers.future_amount < lower, customers.future_amount > upper


@pytest.mark.parametrize(
    ("orders", "spend", "observed_days"),
    [
        (BgParameters("mbg_nbd", 0.9, 42.0, 0.8, 2.5), SPEND, 730),
        (BgParameters("bg_nbd", 0.25, 31.0, 0.8, 2.4), SPEND, 300),
        (BgParameters("mbg_nbd", 3.0, 42.0, 0.5, 8.0), SpendParameters(2.0, 2.2, 30.0), 1200),
        (BgParameters("bg_nbd", 6.0, 100.0, 0.3, 6.0), SpendParameters(30.0, 3.0, 30.0), 800),
        (ParetoParameters(0.9, 42.0, 0.6, 80.0), SPEND, 730),
        (ParetoParameters(3.0, 60.0, 2.0, 900.0), SpendParameters(2.0, 2.2, 30.0), 1200),
    ],
)
def test_intervals_cover_at_least_nine_in_ten(orders, spend, observed_days):
    x, below, above = covered(orders, spend, observed_days)
    for low, high in ((0, 0), (1, 1), (2, 5), (6, 20), (21, np.inf)):
        here = (x >= low) & (x <= high)
        tolerance = 0.005 + 3 * np.sqrt(0.05 * 0.95 / here.sum())
        assert below[here].mean() <= 0.05 + tolerance
        assert above[here].mean() <= 0.05 + tolerance
    assert 1 - below.mean() - above.mean() >= 0.9


@pytest.mark.parametrize(
    "orders",
    [BgParameters("bg_nbd", 8.0, 60.0, 0.01, 20.0), ParetoParameters(8.0, 60.0, 0.05, 900.0)],
)
def test_intervals_are_tight_where_no_customer_is_stuck_at_zero(orders):
    """Without dropout and with many orders the value is continuous: 90 % means 90 %."""
    _, below, above = covered(orders, SPEND, 400)
    assert 0.88 <= 1 - below.mean() - above.mean() <= 0.93


@pytest.mark.parametrize("model", ORDER_MODELS)
@pytest.mark.parametrize(("order_row", "observed_row"), [(0, 12), (3, 8), (16, 16), (-1, 20)])
def test_ratios_are_the_quantiles_of_simulated_values(model, order_row, observed_row):
    """The definition, drawn: rate, dropout and spend given the history and being alive."""
    random = np.random.default_rng(1)
    orders = ORDERS[model]
    table = interval_table(orders, SPEND, 800, 900)
    x, observed = table.order_knots[order_row], table.observed_knots[observed_row]
    size = 400_000
    rate = random.gamma(orders.r + x, 1 / (orders.alpha + observed), size)
    if model == "pareto_nbd":
        dropout_rate = random.gamma(orders.s, 1 / (orders.beta + observed), size)
        stays = random.exponential(1 / np.maximum(dropout_rate, 1e-9))
        count = random.poisson(rate * np.minimum(stays, HORIZON_DAYS))
    else:
        survived = orders.b + x + (model == "mbg_nbd")
        until_dropout = random.geometric(random.beta(orders.a, survived, size))
        count = np.minimum(random.poisson(rate * HORIZON_DAYS), until_dropout)
    value = np.zeros(size)
    some = count > 0
    value[some] = random.gamma(SPEND.p * count[some])
    value /= random.gamma(SPEND.p * x + SPEND.q, size=size)
    drawn = np.quantile(value, 1 - TAIL_PROBABILITIES) / value.mean()
    sure = 0.9 * some.mean() > TAIL_PROBABILITIES
    ratios = table.ratios[order_row, observed_row]
    np.testing.assert_allclose(ratios[sure], drawn[sure], rtol=0.02, atol=0.005)


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_ratios_fall_with_the_tail_and_end_at_zero(model):
    orders = ORDER_MODELS[model].parameters(0.5, 10.0, 0.8, 2.4)
    table = interval_table(orders, SpendParameters(0.3, 1.05, 15.0), 3000, 3650)
    assert np.isfinite(table.ratios).all()
    assert (np.diff(table.ratios, axis=2) <= 0).all()
    assert (table.ratios[:, :, -1] == 0).all()
    assert table.order_knots[-1] > 3000
    assert table.observed_knots[0] == 1
    assert table.observed_knots[-1] == 7300


def test_a_tail_above_one_is_a_value_of_zero():
    orders = BgParameters("mbg_nbd", 0.5, 10.0, 0.8, 2.4)
    table = interval_table(orders, SPEND, 20, 365)
    x, observed = np.full(3, 20.0), np.full(3, 365.0)
    tails = np.array([1.0, 1.2, 40.0])
    np.testing.assert_array_equal(table.ratio(x, observed, tails), 0)


@pytest.mark.parametrize("model", ORDER_MODELS)
def test_order_distribution_has_the_expected_mean(model):
    orders = ORDERS[model]
    observed = np.array([1.0, 30, 365, 3000])
    for x in (0.0, 3, 50, 1000):
        nodes = ORDER_MODELS[model].node_table(orders, np.array([x]))
        numbers, probabilities = order_distribution(orders, x, observed)
        expected = expected_orders_alive(orders, nodes, x, observed, HORIZON_DAYS)
        np.testing.assert_allclose(probabilities @ numbers, expected, rtol=1e-3)
