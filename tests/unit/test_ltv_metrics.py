"""Metrics of forecasts: small cases by hand, and claims that hold for any forecast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rfm_cli.ltv.metrics import (
    Decile,
    calibration_error,
    captured_share,
    decile_numbers,
    deciles,
    gini,
    measure,
    total_bias,
)

PREDICTED = np.array([0.0, 1.0, 2.0, 5.0])
ACTUAL = np.array([0.0, 0.0, 6.0, 4.0])
AMOUNTS = st.floats(0, 1e6).map(lambda value: round(value, 2))


@st.composite
def forecasts(draw):
    size = draw(st.integers(1, 60))
    return draw(arrays(float, size, elements=AMOUNTS)), draw(arrays(float, size, elements=AMOUNTS))


def test_a_small_forecast_by_hand():
    found = measure(PREDICTED, ACTUAL, (np.array([0, 1, 1, 1]), np.array([0, 2, 5, 4])))
    assert (found.customer_count, found.predicted_total, found.actual_total) == (4, 8, 10)
    assert found.total_bias == pytest.approx(-0.2)
    assert found.mean_absolute_error == (0 + 1 + 4 + 1) / 4
    assert found.root_mean_square_error == np.sqrt((0 + 1 + 16 + 1) / 4)
    # Lorenz by forecast: 0, 0, 0, .6, 1; the best order: 0, 0, 0, .4, 1. Areas above, doubled.
    assert found.gini == pytest.approx((1 - 0.25 * (0.6 + 1.6)) / (1 - 0.25 * (0.4 + 1.4)))
    # A fifth of four customers is .8 of the best one.
    assert found.top_share == pytest.approx(0.8 * 0.4)
    # Four customers are in four groups; by group 0, 1, 4, 1 off.
    assert found.calibration_error == pytest.approx(0.6)
    # Inside: the first and the last; the bounds themselves are inside.
    assert found.interval_coverage == 0.5


def test_a_forecast_of_nothing_is_defined():
    found = measure(np.zeros(4), ACTUAL)
    assert (found.total_bias, found.gini, found.calibration_error) == (-1, 0, 1)
    assert found.top_share == pytest.approx(0.2)  # nobody is ahead of anybody
    assert found.interval_coverage is None


def test_without_orders_there_is_no_bias_and_no_ranking():
    found = measure(PREDICTED, np.zeros(4))
    assert found.total_bias is found.gini is found.calibration_error is found.top_share is None
    assert found.mean_absolute_error == 2
    assert found.root_mean_square_error == pytest.approx(np.sqrt(30 / 4))


def test_refunds_alone_are_no_revenue_to_rank_by():
    found = measure(PREDICTED, np.array([0.0, -1.0, 0.0, 0.0]))
    assert found.total_bias is found.gini is found.top_share is None


def test_customers_who_all_bring_the_same_cannot_be_ranked():
    assert gini(PREDICTED, np.ones(4)) is None


def test_nobody_cannot_be_measured():
    with pytest.raises(ValueError, match="no customers"):
        measure(np.empty(0), np.empty(0))


def test_deciles_by_hand():
    predicted = np.repeat([1.0, 2.0, 3.0], [5, 10, 5])
    parts = deciles(predicted, np.arange(20.0))
    # The middles of the ranks are 2.5, 10 and 17.5 of 20.
    assert parts == [
        Decile(2, 5, 5.0, 10.0),
        Decile(6, 10, 20.0, 95.0),
        Decile(9, 5, 15.0, 85.0),
    ]
    assert calibration_error(parts) == pytest.approx((5 + 75 + 70) / 190)


def test_a_hundred_customers_make_ten_even_deciles():
    assert (np.bincount(decile_numbers(np.arange(100.0)))[1:] == 10).all()


def test_all_metrics_of_a_perfect_forecast():
    found = measure(ACTUAL, ACTUAL, (ACTUAL, ACTUAL))
    assert found.gini == pytest.approx(1)
    assert (found.total_bias, found.calibration_error, found.interval_coverage) == (0, 0, 1)
    assert found.root_mean_square_error == found.mean_absolute_error == 0


@given(forecasts(), st.integers(0, 2**32 - 1))
def test_the_order_of_customers_plays_no_part(pair, seed):
    predicted, actual = pair
    order = np.random.default_rng(seed).permutation(len(actual))
    one, other = measure(predicted, actual), measure(predicted[order], actual[order])
    for name, value in vars(one).items():
        if value is None:
            assert getattr(other, name) is None
        else:
            assert getattr(other, name) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(forecasts())
def test_ranking_ignores_the_scale_of_the_forecast(pair):
    predicted, actual = pair
    assert gini(4 * predicted, actual) == gini(predicted, actual)
    shares = [captured_share(scale * predicted, actual, 0.2) for scale in (1, 4)]
    assert shares[0] == shares[1]


@given(forecasts())
def test_ranking_backwards_turns_the_gini_round(pair):
    predicted, actual = pair
    forwards, backwards = gini(predicted, actual), gini(-predicted, actual)
    if forwards is None:
        assert backwards is None
    else:
        assert backwards == pytest.approx(-forwards, abs=1e-9)
        assert -1 - 1e-9 <= forwards <= 1 + 1e-9


@given(forecasts())
def test_what_deciles_hold_adds_up(pair):
    predicted, actual = pair
    parts = deciles(predicted, actual)
    assert sum(part.customer_count for part in parts) == len(actual)
    assert sum(part.predicted_total for part in parts) == pytest.approx(predicted.sum())
    assert sum(part.actual_total for part in parts) == pytest.approx(actual.sum())
    assert [part.number for part in parts] == sorted({part.number for part in parts})
    assert all(1 <= part.number <= 10 for part in parts)
    bias, error = total_bias(predicted, actual), calibration_error(parts)
    if bias is None:
        assert error is None
    else:
        assert error >= abs(bias) - 1e-9


@given(forecasts())
def test_equal_forecasts_are_in_one_decile(pair):
    predicted, _ = pair
    numbers = decile_numbers(predicted)
    for value in np.unique(predicted):
        assert len(set(numbers[predicted == value])) == 1
    order = np.argsort(predicted, kind="stable")
    assert (np.diff(numbers[order]) >= 0).all()
