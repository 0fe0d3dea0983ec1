"""What SQL makes of the uncertainty of sums, beside differences and chances taken in Python."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from cohort_shop import LATER, build, learned, make_cohorts, parameters_of

from rfm_cli.ltv.forecast import (
    discounted_expected_orders,
    expected_order_value,
    expected_orders_alive,
    probability_alive,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.parameters import SpendParameters

SPEND = ("p", "q", "v")
GROUPS = {"", "cohort_year=2022", "cohort_year=2023"}
STEP = 1e-4  # of a log-parameter
REACH = 1.6448536269514722
NUMBERS = np.arange(1.0, 1001.0)  # of orders in a year


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory):
    return make_cohorts(tmp_path_factory.mktemp("cohorts"))


def values(model, logs, history, amount):
    """12-month values of customers, of log-parameters."""
    orders = ORDER_MODELS[model].parameters(*np.exp(logs[:4]))
    spend = SpendParameters(*np.exp(logs[4:]))
    nodes = ORDER_MODELS[model].node_table(orders, np.unique(history[0]))
    mean = amount / np.maximum(history[0], 1)
    return discounted_expected_orders(orders, nodes, *history) * expected_order_value(
        spend, history[0], mean
    )


def variances(orders, spend, history, amount):
    """Variance of each value, by the chance of each number of orders."""
    x, _, observed = history
    nodes = ORDER_MODELS[orders.model].node_table(orders, np.unique(x))
    alive = probability_alive(orders, *history)
    shrink = discounted_expected_orders(orders, nodes, *history) / alive
    shrink /= expected_orders_alive(orders, nodes, x, observed, 365.0)
    squares = np.empty(len(x))
    for count in np.unique(x):
        here = x == count
        at_least = ORDER_MODELS[orders.model].orders_at_least(
            orders, count, observed[here], NUMBERS, 365.0
        )
        chances = at_least - np.append(at_least[:, 1:], np.zeros((here.sum(), 1)), axis=1)
        shape = spend.p * count + spend.q
        rate_squares = (spend.v + amount[here]) ** 2 / ((shape - 1) * (shape - 2))
        squares[here] = rate_squares * (chances @ (spend.p * NUMBERS * (spend.p * NUMBERS + 1)))
    mean = shrink * alive * expected_orders_alive(orders, nodes, x, observed, 365.0)
    mean *= expected_order_value(spend, x, amount / np.maximum(x, 1))
    return alive * shrink**2 * squares - mean**2


def covariances(warehouse, run_id, fits, names):
    """Of all log-parameters of all fits, in this order."""
    place = {key: i for i, key in enumerate((fit, name) for fit in fits for name in names)}
    matrix = np.zeros((len(place), len(place)))
    for group, other, name, other_name, covariance in warehouse.rows(
        "select ltv_group, other_group, parameter, other_parameter, covariance"
        f" from main_fitted.fitted_ltv_covariances where run_id = '{run_id}'"
    ):
        matrix[place[group, name], place[other, other_name]] = covariance
    return matrix


@pytest.fixture(scope="module")
def fitted(cohorts):
    """Build what is known of each customer, by a model and a way of pooling."""
    warehouse, settings = cohorts

    def build_with(model, pooling, select):
        run_id = learned(warehouse, settings, model, pooling)
        build(
            warehouse,
            select,
            **settings,
            rfm_ltv_model=model,
            rfm_as_of_date=LATER.isoformat(),
        )
        return run_id, parameters_of(warehouse, run_id, model)

    return build_with


def uncertain_customers(warehouse, names):
    """Rows of fit, customer, x, t_x, T, amount, own variance and slopes."""
    return warehouse.rows(
        "select fits.fit_group, fits.customer_id, fits.repeat_order_count, fits.first_to_last_days,"
        " fits.observed_days, fits.repeat_amount, uncertain.own_variance,"
        f" {', '.join(f'uncertain.slope_{name}' for name in names)}"
        " from main_intermediate.int_ltv__customer_fits as fits"
        " inner join main_intermediate.int_ltv__uncertain_values as uncertain using (customer_id)"
    )


@pytest.mark.parametrize(
    ("model", "pooling"),
    [("mbg_nbd", "partial"), ("bg_nbd", "covariates"), ("pareto_nbd", "partial")],
)
def test_values_are_as_uncertain_as_differences_and_chances_say(cohorts, fitted, model, pooling):
    """Customers of three fits, that of everybody one of them."""
    _, parameters = fitted(model, pooling, ("+int_ltv__uncertain_values",))
    names = (*ORDER_MODELS[model].parameter_names, *SPEND)
    rows = uncertain_customers(cohorts[0], names)
    assert {row[0] for row in rows} == set(parameters) == GROUPS
    for group, (orders, spend) in parameters.items():
        columns = np.array([row[2:] for row in rows if row[0] == group], dtype=float).T
        history, amount, own = columns[:3], columns[3], columns[4]
        np.testing.assert_allclose(own, variances(orders, spend, history, amount), rtol=1e-6)
        logs = np.log([getattr(orders, n) for n in names[:4]] + [getattr(spend, n) for n in SPEND])
        value = values(model, logs, history, amount)
        for place, name in enumerate(names):
            step = STEP * np.eye(len(names))[place]
            slope = values(model, logs + step, history, amount)
            slope = (slope - values(model, logs - step, history, amount)) / (2 * STEP)
            apart = np.abs(columns[5 + place] - slope)
            assert (apart <= 1e-3 * np.maximum(value, np.abs(slope))).all(), (group, name)


@pytest.fixture(scope="module")
def covariates(fitted):
    """Groups that share parameters, and so are wrong together."""
    return fitted("bg_nbd", "covariates", ("+ltv_segment_totals", "ltv_parameters"))


def test_segments_are_as_uncertain_as_their_customers(cohorts, covariates):
    warehouse, _ = cohorts
    run_id, parameters = covariates
    fits, names = sorted(parameters), (*ORDER_MODELS["bg_nbd"].parameter_names, *SPEND)
    covariance = covariances(warehouse, run_id, fits, names)
    np.testing.assert_allclose(covariance, covariance.T, rtol=1e-9)
    keys = [(group, name) for group in fits for name in names]
    errors = warehouse.rows(
        "select ltv_group, parameter, standard_error / estimate, lower_estimate / estimate,"
        " upper_estimate / estimate from ltv_parameters"
    )
    assert len(errors) == len(keys)
    for group, name, error, lower, upper in errors:
        place = keys.index((group, name))
        assert covariance[place, place] == pytest.approx(error**2, rel=1e-9)
        assert (lower, upper) == pytest.approx((np.exp(-REACH * error), np.exp(REACH * error)))
    # r is everybody's in both groups.
    first, second = (keys.index((f"cohort_year={year}", "r")) for year in (2022, 2023))
    assert covariance[first, second] == pytest.approx(covariance[first, first], rel=1e-9)

    variance_of, slopes_of = {}, {}
    for row in uncertain_customers(warehouse, names):
        variance_of[row[1]] = row[6]
        slopes_of[row[1]] = np.zeros((len(fits), len(names)))
        slopes_of[row[1]][fits.index(row[0])] = row[7:]
    amount_of = dict(warehouse.rows("select customer_id, ltv_12m_amount from customer_ltv"))
    members = {("company", "all"): list(amount_of)}
    for segment_type, relation in (
        ("rfm_segment", "customer_rfm"),
        ("value_cell", "customer_value"),
        ("ltv_group", "main_intermediate.int_ltv__customer_summary"),
    ):
        for customer, segment in warehouse.rows(
            f"select customer_id, {segment_type} from {relation}"
        ):
            members.setdefault((segment_type, segment), []).append(customer)
    totals = warehouse.rows(
        "select segment_type, segment, customer_count, ltv_12m_amount, own_standard_error,"
        " parameter_standard_error, lower_amount, upper_amount, interval_reason"
        " from ltv_segment_totals"
    )
    assert {row[:2] for row in totals} == set(members)
    assert len({row[1] for row in totals if row[0] == "ltv_group"}) == 3
    for segment_type, segment, count, total, *found, reason in totals:
        customers = members[segment_type, segment]
        assert count == len(customers)
        assert total == sum(amount_of[customer] for customer in customers)
        assert reason is None
        variance = sum(variance_of[customer] for customer in customers)
        slopes = sum(slopes_of[customer] for customer in customers).ravel()
        of_parameters = slopes @ covariance @ slopes
        reach = REACH * np.sqrt(variance + of_parameters)
        wanted = (
            np.sqrt(variance),
            np.sqrt(of_parameters),
            max(float(total) - reach, 0),
            float(total) + reach,
        )
        assert [float(number) for number in found] == pytest.approx(wanted, abs=0.0051)


def test_a_fit_of_an_earlier_version_has_no_intervals_of_sums(cohorts, covariates):
    """It has no covariances; the totals are there all the same."""
    warehouse, settings = cohorts
    with duckdb.connect(warehouse.database) as connection:
        connection.execute(
            "delete from main_fitted.fitted_ltv_covariances where run_id = ?", [covariates[0]]
        )
    build(
        warehouse,
        ("ltv_segment_totals",),
        **settings,
        rfm_ltv_model="bg_nbd",
        rfm_as_of_date=LATER.isoformat(),
    )
    assert warehouse.rows(
        "select distinct own_standard_error > 0, parameter_standard_error, lower_amount,"
        " upper_amount, interval_reason from ltv_segment_totals"
    ) == [(True, None, None, None, "no_covariances")]
