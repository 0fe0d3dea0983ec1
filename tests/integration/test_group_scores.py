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
)
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory):
    return make_cohorts(tmp_path_factory.mktemp("cohorts"))


@pytest.mark.parametrize(
    ("model", "pooling"),
    [("mbg_nbd", "partial"), ("bg_nbd", "covariates"), ("pareto_nbd", "partial")],
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
        " modelled.expected_order_value, modelled.ltv_12m_amount"
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
        for ours, theirs in zip(found, wanted, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)


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
