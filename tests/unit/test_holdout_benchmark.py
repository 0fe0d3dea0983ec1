"""The benchmark of hold-outs: how it cuts orders, and that it says where rfm is behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.holdout_data import cdnow_sample, split
from benchmarks.holdout_fits import Fit, no_maximum, order_fit, own_fit, why_apart
from benchmarks.holdout_tables import Row, behind, tally, without_forecast
from rfm_cli.ltv.metrics import measure
from rfm_cli.ltv.parameters import ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_customers

FOUND = measure(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 3.5]))


def rows(**of_the_peer):
    return [
        Row("orders", "bg_nbd", "rfm", FOUND),
        Row("orders", "bg_nbd", "lifetimes", replace(FOUND, **of_the_peer)),
    ]


def test_equal_figures_are_not_behind():
    assert behind(rows()) == []
    assert tally(rows()) == ["beside lifetimes: ahead 0, equal 6, behind 0"]


def test_figures_are_counted_by_peer():
    both = rows(gini=1.1, mean_absolute_error=9)
    both.append(Row("orders", "bg_nbd", "pymc-marketing", FOUND))
    assert tally(both) == [
        "beside lifetimes: ahead 1, equal 4, behind 1",
        "beside pymc-marketing: ahead 0, equal 6, behind 0",
    ]


@pytest.mark.parametrize(
    ("name", "column", "better", "worse"),
    [
        ("mean_absolute_error", "MAE", 0.4, 0.6),
        ("root_mean_square_error", "RMSE", 0.5, 0.9),
        ("total_bias", "total bias", 0.1, -0.3),
        ("gini", "Gini", 1.1, 0.2),
        ("calibration_error", "deciles off", 0.01, 0.9),
        ("top_share", "top 20 %", 0.99, 0.1),
    ],
)
def test_whoever_is_behind_is_named_with_both_figures(name, column, better, worse):
    (line,) = behind(rows(**{name: better}))
    assert line.startswith(f"orders, bg_nbd, {column}: ")
    assert "lifetimes" in line
    assert behind(rows(**{name: worse})) == []


def test_what_no_printed_digit_shows_does_not_count():
    assert behind(rows(gini=FOUND.gini + 1e-9)) == []


def test_a_forecast_where_rfm_refuses_counts():
    refused = [Row("orders", "bg_nbd", "rfm", "refused"), rows()[1]]
    assert behind(refused) == ["orders, bg_nbd: no forecast, lifetimes has one"]
    assert without_forecast(refused) == ["rfm has no bg_nbd: refused"]
    failed = [rows()[0], Row("orders", "bg_nbd", "lifetimes", "stopped after 600 s")]
    assert behind(failed) == []
    assert without_forecast(failed) == ["lifetimes has no bg_nbd: stopped after 600 s"]


def test_orders_are_cut_as_a_back_test_does():
    orders = """
        select customer_id, cast(day as date) as order_date, amount from (
            values
                ('a', '2024-01-01', 10.0), ('a', '2024-01-01', 5.0), ('a', '2024-01-15', 7.0),
                ('a', '2024-01-29', 1.0), ('a', '2024-02-04', 2.0), ('a', '2024-02-12', 100.0),
                ('b', '2024-01-29', 3.0),
                ('c', '2024-01-30', 4.0)
        ) as made (customer_id, day, amount)
    """
    # Two weeks from Monday 29 January on; c is not known yet.
    cut = split(orders, date(2024, 1, 29), 2)
    assert cut.customer_count == 1
    found = {name: getattr(cut, name).tolist() for name in ("repeat_orders", "observed_days")}
    assert found == {"repeat_orders": [1], "observed_days": [4]}
    assert cut.first_to_last_days.tolist() == [2]
    assert cut.revenue_amount.tolist() == [22]
    assert cut.repeat_amount.tolist() == [7]
    assert (cut.period_orders.tolist(), cut.period_amount.tolist()) == ([1], [7])
    assert (cut.third_orders.tolist(), cut.third_amount.tolist()) == ([0], [0])
    assert (cut.future_orders.tolist(), cut.future_amount.tolist()) == ([2], [3])


def test_priors_are_told_from_a_search_that_stopped_early():
    cut = cdnow_sample()
    own = own_fit(cut, "bg_nbd")
    early = {**own.parameters, "r": own.parameters["r"] * 1.1}
    fits = [own, order_fit(cut, "bg_nbd", "lifetimes", early)]
    (line,) = why_apart(fits)
    assert line.startswith("lifetimes, bg_nbd: stopped ")
    flat = Fit("bg_nbd", "pymc-marketing, flat priors", own.parameters, own.log_likelihood)
    peers = [order_fit(cut, "bg_nbd", "pymc-marketing", early), flat]
    (line,) = why_apart([own, *peers])
    assert line.startswith("pymc-marketing, bg_nbd: its priors")
    better = replace(fits[1], log_likelihood=own.log_likelihood + 1)
    assert "more likely than those of rfm by 1.000" in why_apart([own, better])[0]


def test_a_search_that_stopped_on_the_way_to_infinity_is_told():
    # Everyone is equally likely to stop: s and beta have no maximum.
    made = simulate_customers(
        ParetoParameters(1.5, 15.0, 1e6, 3e8),
        SpendParameters(6.0, 4.0, 15.0),
        5000,
        observed_days=700,
        seed=1,
    )
    cut = replace(
        cdnow_sample(),
        repeat_orders=made.repeat_orders,
        first_to_last_days=made.first_to_last_days,
        observed_days=made.observed_days,
    )
    early = {"r": 1.5, "alpha": 15.0, "s": 2.0, "beta": 600.0}
    (line,) = no_maximum(cut, [order_fit(cut, "pareto_nbd", "lifetimes", early)])
    assert "higher where s and beta are 1,000 times as large" in line
    known = cdnow_sample()
    own = own_fit(known, "pareto_nbd")
    assert no_maximum(known, [own, order_fit(known, "pareto_nbd", "lifetimes", early)]) == []
