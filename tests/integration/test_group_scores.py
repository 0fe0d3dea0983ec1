"""Customers in groups are scored in SQL by the fit of their group: 1e-9 relative to Python."""

from __future__ import annotations

import numpy as np
import pytest
from building import Warehouse
from cohort_shop import AS_OF, LATER, build, learned, make_cohorts, parameters_of

from rfm_cli.ltv.forecast import (
    discounted_expected_orders,
    expected_order_value,
    expected_orders,
    probability_alive,
    residual_orders,
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import FAR, covered_order_counts

TOLERANCE = 1e-9
ENDLESS_MONTHS = 2700  # what comes later is worth 5e-10 of what comes now


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory):
    return make_cohorts(tmp_path_factory.mktemp("cohorts"))


@pytest.mark.parametrize(
    ("model", "pooling"),
    [
        ("mbg_nbd", "partial"),
        pytest.param("bg_nbd", "covariates", marks=pytest.mark.long),
        ("pareto_nbd", "partial"),
    ],
)
def test_each_group_is_scored_by_its_own_fit(cohorts, model, pooling):
    warehouse, settings = cohorts
    run_id = learned(warehouse, settings, model, pooling)
    build(
        warehouse,
        ("+int_ltv__modelled",),
        **settings,
        rfm_ltv_model=model,
        rfm_as_of_date=LATER.isoformat(),
    )
    parameters = parameters_of(warehouse, run_id, model)
    assert set(parameters) == {"", "cohort_year=2022", "cohort_year=2023"}
    scored = warehouse.rows(
        "select customers.fit_group, customers.repeat_order_count, customers.first_to_last_days,"
        " customers.observed_days, customers.repeat_amount, modelled.alive_probability,"
        " modelled.expected_orders_90d, modelled.expected_orders_365d,"
        " modelled.expected_order_value, modelled.ltv_12m_amount, modelled.ltv_36m_amount,"
        " modelled.ltv_residual_amount"
        " from main_intermediate.int_ltv__customer_fits as customers"
        " inner join main_intermediate.int_ltv__modelled as modelled using (customer_id)"
    )
    (summarised,) = warehouse.rows("select count(*) from main_intermediate.int_ltv__customer_fits")
    assert len(scored) == summarised[0]
    unknown = [row for row in scored if row[0] == ""]
    assert len(unknown) == 20
    for group, (orders, spend) in parameters.items():
        x, t_x, observed, amount, *found = (
            np.array(column, dtype=float)
            for column in list(zip(*(row for row in scored if row[0] == group), strict=True))[1:]
        )
        nodes = ORDER_MODELS[model].node_table(orders, covered_order_counts(x))
        history = (x, t_x, observed)
        value = expected_order_value(spend, x, amount / np.maximum(x, 1))
        wanted = [
            probability_alive(orders, *history),
            expected_orders(orders, nodes, *history, days=90.0),
            expected_orders(orders, nodes, *history, days=365.0),
            value,
            value * discounted_expected_orders(orders, nodes, *history),
        ]
        for ours, theirs in zip(found, wanted, strict=False):
            np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)
        # The rest takes hundreds of times longer, so it is checked for some.
        some = np.linspace(0, len(x) - 1, 12).astype(int)
        far_nodes = ORDER_MODELS[model].node_table(orders, np.unique(x), FAR)
        few = tuple(column[some] for column in history)
        in_36_months = discounted_expected_orders(orders, nodes, *few, months=36)
        without_end = discounted_expected_orders(orders, far_nodes, *few, months=ENDLESS_MONTHS)
        for ours, theirs in zip(found[-2:], (in_36_months, without_end), strict=True):
            np.testing.assert_allclose(ours[some], value[some] * theirs, rtol=TOLERANCE)


@pytest.mark.parametrize("model", ["mbg_nbd", pytest.param("pareto_nbd", marks=pytest.mark.long)])
def test_money_of_each_day_can_count_as_on_its_day(cohorts, model):
    warehouse, settings = cohorts
    run_id = learned(warehouse, settings, model, "partial")
    build(
        warehouse,
        ("+int_ltv__expected_orders",),
        **settings,
        rfm_ltv_model=model,
        rfm_as_of_date=LATER.isoformat(),
        rfm_ltv_discounting="continuous",
    )
    delta = np.log(1.1) / 365
    for group, (orders, _) in parameters_of(warehouse, run_id, model).items():
        rows = warehouse.rows(
            "select repeat_order_count, observed_days, discounted_orders_12m,"
            " discounted_orders_36m, residual_orders"
            f" from main_intermediate.int_ltv__expected_orders where fit_group = '{group}'"
        )
        x, observed, *found = np.array(rows, dtype=float).T
        form = ORDER_MODELS[model]
        nodes = form.node_table(orders, covered_order_counts(x))
        far_nodes = form.node_table(orders, np.unique(x), FAR)
        points, weights = np.polynomial.legendre.leggauss(60)
        for days, ours in zip((365, 1095), found, strict=False):
            ends = np.exp(-delta * days) * form.expected_orders_alive(
                orders, nodes, x, observed, np.array(float(days))
            )
            for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
                day = days * point**4  # where orders of new customers bend most
                factor = weight * days * 4 * point**3 * delta * np.exp(-delta * day)
                ends += factor * form.expected_orders_alive(
                    orders, nodes, x, observed, np.array(day)
                )
            np.testing.assert_allclose(ours, ends, rtol=TOLERANCE)
        # Of who ordered today the odds of being gone play no part.
        without_end = residual_orders(orders, far_nodes, x, observed, observed, annual_rate=0.1)
        without_end /= probability_alive(orders, x, observed, observed)
        np.testing.assert_allclose(found[-1], without_end, rtol=TOLERANCE)


def test_where_all_are_of_one_group_everybody_is_scored_alike(cohorts, tmp_path):
    """A file of orders tells no channel: all are unknown, one group, as if there were none."""
    scores = []
    for name, group_by in (("unknown", ["channel"]), ("none", [])):
        warehouse = Warehouse(tmp_path / f"{name}.duckdb")
        settings = {**cohorts[1], "rfm_ltv_group_by": group_by}
        run_id = learned(warehouse, settings, "mbg_nbd", "partial")
        build(warehouse, ("+int_ltv__modelled",), **settings, rfm_as_of_date=AS_OF.isoformat())
        assert not warehouse.rows("select * from main_fitted.fitted_ltv_group_parameters")
        scores.append(
            (
                run_id,
                warehouse.rows("select * from main_intermediate.int_ltv__modelled order by all"),
            )
        )
    assert scores[0] == scores[1]
    assert len(scores[0][1]) == 600
