"""The back-test: published hold-out errors, rules and corrections by hand, the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfm_cli.ltv.backtest import run_backtest
from rfm_cli.ltv.correction import learn_correction, pool_adjacent_violators
from rfm_cli.ltv.errors import FitRefused
from rfm_cli.ltv.holdout import Holdout
from rfm_cli.ltv.metrics import captured_share, gini, measure
from rfm_cli.ltv.model_forecast import forecast_holdout
from rfm_cli.ltv.naive_rules import RULES, rfm_cell
from rfm_cli.ltv.parameters import BgParameters, ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders
from rfm_cli.ltv.verdict import judge

CUT = date(2024, 3, 1)
PARETO = ParetoParameters(0.55, 74.0, 0.6, 82.0)
SPEND = SpendParameters(6.25, 3.74, 15.45)


def holdout(**columns) -> Holdout:
    """Two customers: one of an order 60 days ago; one of three orders, the last 5 days ago."""
    known = {
        "repeat_orders": [0, 2],
        "first_to_last_days": [0, 55],
        "observed_days": [60, 60],
        "revenue_amount": [8, 60],
        "repeat_amount": [0, 50],
        "period_orders": [0, 2],
        "period_amount": [0, 50],
        "third_orders": [0, 1],
        "third_amount": [0, 30],
        "future_orders": [1, 3],
        "future_amount": [10, 90],
        **columns,
    }
    return Holdout(CUT, 30, 10, *(np.array(column, dtype=float) for column in known.values()))


def simulated(orders, cut_day, days, *, size=4000, seed=3) -> Holdout:
    """Summarise simulated orders at a cut as the warehouse does."""
    drawn = simulate_orders(orders, SPEND, size, acquisition_days=400, total_days=1200, seed=seed)
    rows = []
    starts = np.flatnonzero(np.diff(drawn.customer, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(drawn.customer)], strict=True):
        day, amount = drawn.day[start:end], drawn.amount[start:end]
        known = day < cut_day
        if not known[0]:
            continue
        repeat = known.copy()
        repeat[0] = False
        period, third = (repeat & (day >= cut_day - back) for back in (days, round(days / 3)))
        future = ~known & (day < cut_day + days)
        rows.append(
            (
                repeat.sum(), day[known][-1] - day[0], cut_day - day[0],
                amount[known].sum(), amount[repeat].sum(),
                *(total for part in (period, third, future)
                  for total in (part.sum(), amount[part].sum())),
            )
        )  # fmt: skip
    cut = date(2020, 1, 1) + timedelta(days=cut_day)
    return Holdout(cut, days, round(days / 3), *np.array(rows, dtype=float).T)


@pytest.mark.parametrize(
    ("model", "absolute", "root_mean_square", "bias", "ranking", "top"),
    [
        ("pareto_nbd", 0.7545, 1.603, -0.115, 0.673, 0.470),
        ("mbg_nbd", 0.7648, 1.607, -0.162, 0.664, 0.475),
        ("bg_nbd", 0.7855, 1.608, -0.121, 0.662, 0.467),
    ],
)
def test_models_forecast_the_published_holdout(
    cdnow_holdout, model, absolute, root_mean_square, bias, ranking, top
):
    assert (cdnow_holdout.customer_count, cdnow_holdout.future_orders.sum()) == (2357, 1882)
    expected = forecast_holdout(cdnow_holdout, model).orders
    found = measure(expected, cdnow_holdout.future_orders)
    assert found.mean_absolute_error == pytest.approx(absolute, abs=6e-5)
    assert found.root_mean_square_error == pytest.approx(root_mean_square, abs=6e-4)
    assert found.total_bias == pytest.approx(bias, abs=6e-4)
    assert found.gini == pytest.approx(ranking, abs=6e-4)
    # A tenth was counted as 235 of the 2,357.
    share = captured_share(expected, cdnow_holdout.future_orders, 235 / 2357)
    assert share == pytest.approx(top, abs=1.5e-3)


@pytest.mark.parametrize(
    ("rule", "absolute", "root_mean_square", "bias", "ranking", "fair_ranking"),
    [
        ("hiatus", 0.816, 2.022, -0.022, 0.519, 0.545),
        ("last_third", 0.909, 2.301, 0.133, 0.504, 0.535),
    ],
)
def test_naive_rules_have_the_published_errors(
    cdnow_holdout, rule, absolute, root_mean_square, bias, ranking, fair_ranking
):
    expected, _ = RULES[rule](cdnow_holdout)
    actual = cdnow_holdout.future_orders
    found = measure(expected, actual)
    assert found.mean_absolute_error == pytest.approx(absolute, abs=6e-4)
    assert found.root_mean_square_error == pytest.approx(root_mean_square, abs=6e-4)
    assert found.total_bias == pytest.approx(bias, abs=6e-4)
    assert found.gini == pytest.approx(fair_ranking, abs=6e-4)
    # Published with customers of equal forecasts in the order of some file; here it is another.
    by_row = expected - 1e-9 * np.arange(len(expected))
    assert gini(by_row, actual) == pytest.approx(ranking, abs=1e-3)


def test_past_spend_of_the_published_data_is_a_good_rank(cdnow_holdout):
    share = captured_share(cdnow_holdout.revenue_amount, cdnow_holdout.future_amount, 0.2)
    assert share == pytest.approx(0.663, abs=6e-3)


def test_intervals_of_the_published_holdout_cover(cdnow_holdout):
    made = forecast_holdout(cdnow_holdout, "pareto_nbd")
    found = measure(made.value, cdnow_holdout.future_amount, (made.lower, made.upper))
    assert 0.88 <= found.interval_coverage <= 0.94
    assert (made.lower <= made.upper).all()


@pytest.mark.parametrize(
    "parameters",
    [ParetoParameters(2.0, 50.0, 0.8, 800.0), BgParameters("mbg_nbd", 2.0, 50.0, 0.5, 6.0)],
    ids=lambda one: one.model,
)
def test_intervals_of_simulated_customers_cover(parameters):
    cut = simulated(parameters, 700, 200)
    made = forecast_holdout(cut, parameters.model)
    # Each side is missed by one customer in twenty, where it is not nothing.
    above = (cut.future_amount > made.upper)[made.upper > 0]
    below = (cut.future_amount < made.lower)[made.lower > 0]
    assert above.mean() == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / len(above)))
    assert below.mean() == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / len(below)))
    assert min(len(above), len(below)) > 100


def test_who_is_surely_gone_is_expected_to_bring_nothing():
    """Three thousand orders in a month, two years ago: the chance of being alive is 0."""
    cut = simulated(PARETO, 700, 200)
    columns = {name: column for name, column in vars(cut).items() if hasattr(column, "dtype")}
    gone = dict.fromkeys(columns, 0.0)
    gone |= {"repeat_orders": 3000.0, "first_to_last_days": 30.0, "observed_days": 700.0}
    gone |= {"revenue_amount": 90_030.0, "repeat_amount": 90_000.0}
    more = Holdout(
        cut.cut_date, 200, 67, *(np.append(column, gone[n]) for n, column in columns.items())
    )
    made = forecast_holdout(more, "pareto_nbd")
    for name, column in vars(made).items():
        assert np.isfinite(column).all(), name
        assert column[-1] == pytest.approx(0, abs=1e-200), name


def test_naive_rules_by_hand():
    cut = holdout()
    found = {name: [part.tolist() for part in rule(cut)] for name, rule in RULES.items()}
    assert found["last_period"] == [[0, 2], [0, 50]]
    assert found["last_third"] == [[0, 3], [0, 90]]
    assert found["mean_rate"] == [[0, 1], [0, 20]]
    assert found["hiatus"] == [[0, 1], [0, 20]]
    assert found["past_value"] == [[0.5, 1.5], [4, 30]]
    silent = holdout(first_to_last_days=[0, 49])
    assert [part.tolist() for part in RULES["hiatus"](silent)] == [[0, 0], [0, 0]]


def test_cells_learn_from_an_earlier_holdout():
    earlier = replace(holdout(future_orders=[2, 6], future_amount=[20, 180]), days=60)
    orders, value = rfm_cell(holdout(), earlier)
    # Twice the days, so half of it.
    assert (orders.tolist(), value.tolist()) == ([1, 3], [10, 90])


def test_a_cell_without_an_example_takes_the_mean_of_all():
    one = {
        name: column[:1]
        for name, column in vars(holdout()).items()
        if column is not None and isinstance(column, np.ndarray)
    }
    earlier = Holdout(CUT, 30, 10, **one)
    # The only customer there scores 3 on everything; here they score 2 and 4.
    orders, _ = rfm_cell(holdout(), earlier)
    assert orders.tolist() == [1, 1]


def test_cells_need_someone_to_learn_from():
    none = {
        name: column[:0]
        for name, column in vars(holdout()).items()
        if isinstance(column, np.ndarray)
    }
    with pytest.raises(FitRefused, match="earlier window"):
        rfm_cell(holdout(), Holdout(CUT, 30, 10, **none))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), min_size=1, max_size=20))
def test_pooled_values_never_fall_and_keep_the_total(pairs):
    values, weights = (np.array(column) for column in zip(*pairs, strict=True))
    pooled = pool_adjacent_violators(values, weights)
    assert (np.diff(pooled) >= -1e-9).all()
    assert pooled @ weights == pytest.approx(values @ weights)
    again = pool_adjacent_violators(pooled, weights)
    np.testing.assert_allclose(again, pooled)


def test_values_in_order_stay_and_others_are_averaged():
    found = pool_adjacent_violators(np.array([1.0, 5.0, 2.0, 9.0]), np.array([1.0, 1.0, 2.0, 1.0]))
    assert found.tolist() == [1, 3, 3, 9]


def test_a_correction_by_hand():
    # Two groups of 50, 1 and 3 orders a year expected, half a year: .5 and 1.5. 1 and 1.5 came.
    yearly = np.repeat([1.0, 3.0], 50)
    correction = learn_correction(yearly, yearly / 2, np.repeat([1.0, 1.5], 50))
    assert correction.starts.tolist() == [0, 1, 3]
    corrected = [correction.factor(np.array([at]))[0] * at for at in (0.5, 1, 2, 3, 6)]
    assert corrected == pytest.approx([1, 2, 2.5, 3, 6])
    assert correction.factor(np.zeros(1)).tolist() == [1]


@given(st.integers(0, 2**32 - 1))
def test_a_correction_keeps_the_order_of_customers(seed):
    random = np.random.default_rng(seed)
    yearly = random.gamma(0.5, 2.0, 700)
    actual = random.poisson(random.gamma(1.0, 1.0, 700) * yearly / 2).astype(float)
    correction = learn_correction(yearly, yearly / 2, actual)
    grid = np.linspace(1e-6, yearly.max() * 2, 1000)
    corrected = correction.factor(grid) * grid
    assert (np.diff(corrected) >= -1e-9).all()
    assert (corrected >= 0).all()
    assert np.isfinite(corrected).all()


def test_few_customers_correct_nothing():
    with pytest.raises(FitRefused, match="Only 49 customers"):
        learn_correction(np.ones(49), np.ones(49), np.ones(49))


def test_a_good_forecast_is_hardly_corrected():
    random = np.random.default_rng(1)
    yearly = random.gamma(0.5, 2.0, 200_000)
    correction = learn_correction(yearly, yearly, random.poisson(yearly).astype(float))
    top = np.quantile(yearly, np.arange(0.3, 1, 0.1))
    np.testing.assert_allclose(correction.factor(top), 1, atol=0.05)


def test_the_lowest_mean_rank_wins():
    actual = np.array([0.0, 0.0, 4.0, 6.0])
    forecasts = {
        "good": np.array([0.0, 0.0, 4.0, 5.0]),
        "fair": np.array([0.0, 1.0, 4.0, 4.0]),
        "nothing": np.zeros(4),
    }
    verdict = judge([{name: measure(one, actual) for name, one in forecasts.items()}])
    assert verdict.winner == "good"
    # By error, bias (equal for the first two), Gini and deciles.
    assert verdict.mean_ranks == {"good": (1 + 1.5 + 1 + 1) / 4, "fair": (2 + 1.5 + 2 + 2) / 4,
                                  "nothing": 3}  # fmt: skip


def test_a_method_that_fails_at_a_cut_cannot_win():
    actual = np.array([0.0, 0.0, 4.0, 6.0])
    good, fair = measure(actual, actual), measure(actual / 2, actual)
    verdict = judge([{"good": good, "fair": fair}, {"fair": fair}])
    assert (verdict.winner, verdict.mean_ranks) == ("fair", {"fair": 1})
    assert judge([{"good": good}, {"fair": fair}]).winner is None
    assert judge([]).winner is None


def test_without_any_order_the_smallest_error_wins():
    nothing = np.zeros(3)
    verdict = judge([{"some": measure(np.ones(3), nothing), "none": measure(nothing, nothing)}])
    assert (verdict.winner, verdict.mean_ranks) == ("none", {"some": 2, "none": 1})


def test_a_model_beats_naive_rules_on_customers_that_it_describes():
    cuts = [
        (simulated(PARETO, day, 200), simulated(PARETO, day - 200, 200)) for day in (600, 800, 1000)
    ]
    asked = []
    found = run_backtest(cuts, ("pareto_nbd",), asked.append)
    assert len(asked) == 3
    assert {verdict.winner for verdict in found.verdicts.values()} == {"pareto_nbd"}
    plain = [one for one in found.results if one.method == "pareto_nbd" and not one.is_corrected]
    assert all(abs(one.metrics.total_bias) < 0.12 for one in plain)
    # Corrections exist where a hold-out had ended, and hardly change what was right.
    corrected = [one for one in found.results if one.is_corrected]
    assert [(one.cut_date, one.measure) for one in corrected] == [
        (cut.cut_date, about) for cut, _ in cuts[1:] for about in ("orders", "value")
    ]
    assert set(found.corrections) == {("pareto_nbd", "orders"), ("pareto_nbd", "value")}


def test_a_correction_helps_a_model_that_is_wrong():
    """Demand halves for everyone after each cut, as the earlier hold-out had shown."""
    cuts = []
    for day in (600, 800):
        cut = simulated(PARETO, day, 200)
        halved = replace(
            cut, future_orders=cut.future_orders / 2, future_amount=cut.future_amount / 2
        )
        cuts.append((halved, halved))
    results = run_backtest(cuts, ("pareto_nbd",)).results
    for about in ("orders", "value"):
        before, after = (
            next(
                one.metrics
                for one in results
                if one.method == "pareto_nbd"
                and one.measure == about
                and one.is_corrected == corrected
                and one.cut_date == cuts[1][0].cut_date
            )
            for corrected in (False, True)
        )
        assert before.total_bias > 0.8
        assert abs(after.total_bias) < 0.2
        assert after.root_mean_square_error < before.root_mean_square_error
        assert after.calibration_error < before.calibration_error / 3


def test_models_that_refuse_leave_the_rules_to_judge():
    found = run_backtest([(holdout(), holdout())], ("mbg_nbd",))
    refused = [one for one in found.results if one.refusal_reason]
    assert [(one.method, one.metrics, one.deciles) for one in refused] == [
        ("mbg_nbd", None, [])
    ] * 2
    assert "Only 1 customers have ordered a second time" in refused[0].refusal_reason
    assert found.corrections == {}
    assert found.verdicts["orders"].winner in (*RULES, "rfm_cell")
