"""Simulated customers: reproducible, consistent, and summarised as a warehouse would."""

from __future__ import annotations

import numpy as np
import pytest

from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import Orders, simulate_customers, simulate_orders, summarise

MBG = BgParameters("mbg_nbd", 0.9, 42.0, 0.8, 2.5)
SPEND = SpendParameters(6.25, 3.74, 15.4)


def test_the_same_seed_gives_the_same_customers():
    first, again, other = (simulate_customers(MBG, SPEND, 500, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.repeat_amount, again.repeat_amount)
    assert not np.array_equal(first.repeat_amount, other.repeat_amount)


def test_orders_are_summarised_by_day():
    orders = Orders(
        customer=np.array([0, 0, 0, 1, 2, 2, 3]),
        day=np.array([2, 2, 7, 9, 4, 10, 12]),
        amount=np.array([1.0, 2, 4, 8, 16, 32, 64]),
    )
    customers = summarise(orders, as_of_day=10, future_days=3)
    np.testing.assert_array_equal(customers.repeat_orders, [2, 0, 0])
    np.testing.assert_array_equal(customers.first_to_last_days, [5, 0, 0])
    np.testing.assert_array_equal(customers.observed_days, [8, 1, 6])
    np.testing.assert_array_equal(customers.repeat_amount, [6, 0, 0])
    np.testing.assert_array_equal(customers.future_orders, [0, 0, 1])
    np.testing.assert_array_equal(customers.future_amount, [0, 0, 32])


@pytest.mark.parametrize(
    "parameters",
    [
        BgParameters("mbg_nbd", 0.9, 42.0, 0.1, 0.1),
        BgParameters("bg_nbd", 0.9, 42.0, 0.1, 0.1),
        ParetoParameters(0.9, 42.0, 0.01, 9.0),
    ],
)
def test_simulated_orders_are_sorted_and_in_time(parameters):
    orders = simulate_orders(
        parameters,
        SPEND,
        2000,
        acquisition_days=100,
        total_days=400,
        seed=0,
    )
    same = np.diff(orders.customer) == 0
    assert (np.diff(orders.customer) >= 0).all()
    assert (np.diff(orders.day)[same] >= 0).all()
    assert orders.day.min() >= 0
    assert orders.day.max() < 400
    assert (orders.amount > 0).all()
    assert len(np.unique(orders.customer)) == 2000


def test_groups_hold_every_customer():
    customers = simulate_customers(MBG, SPEND, 3000, seed=4)
    grouped = customers.order_counts()
    assert grouped.customer_count == 3000
    rows = np.column_stack(
        [customers.repeat_orders, customers.first_to_last_days, customers.observed_days]
    )
    expected, counts = np.unique(rows, axis=0, return_counts=True)
    np.testing.assert_array_equal(grouped.repeat_orders, expected[:, 0])
    np.testing.assert_array_equal(grouped.first_to_last_days, expected[:, 1])
    np.testing.assert_array_equal(grouped.observed_days, expected[:, 2])
    np.testing.assert_array_equal(grouped.customers, counts)
    assert customers.spend_counts().customer_count == grouped.repeat_customer_count


def test_customers_of_pareto_order_as_often_as_expected():
    """Fader, Hardie & Lee (2005): E[X(t)] = r beta / (alpha (s-1)) (1 - (beta/(beta+t))^(s-1))."""
    r, alpha, s, beta = 0.9, 42.0, 0.6, 80.0
    customers = simulate_customers(
        ParetoParameters(r, alpha, s, beta), SPEND, 100_000, observed_days=500, acquisition_days=1
    )
    expected = r * beta / (alpha * (s - 1)) * (1 - (beta / (beta + 500)) ** (s - 1))
    assert customers.repeat_orders.mean() == pytest.approx(expected, rel=0.02)
