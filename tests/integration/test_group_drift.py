"""Where groups have fits of their own, these are what is held against the orders since."""

from __future__ import annotations

import numpy as np
import pytest
from cohort_shop import LATER, build, learned, make_cohorts, parameters_of

from rfm_cli.ltv.forecast import expected_orders
from rfm_cli.ltv.models import ORDER_MODELS
from rfm_cli.ltv.nodes import covered_order_counts


@pytest.mark.long
@pytest.mark.parametrize("model", ["mbg_nbd", "pareto_nbd"])
def test_each_group_is_judged_by_its_own_fit(tmp_path, model):
    warehouse, settings = make_cohorts(tmp_path)
    run_id = learned(warehouse, settings, model, "partial")
    build(
        warehouse,
        ("+ltv_drift",),
        **settings,
        rfm_ltv_model=model,
        rfm_as_of_date=LATER.isoformat(),
    )
    ((judged, days, customers, expected),) = warehouse.rows(
        "select run_id, horizon_days, customer_count, expected_order_count from ltv_drift"
    )
    assert (judged, customers) == (run_id, 600)
    outcomes = warehouse.rows(
        "select fit_group, repeat_order_count, first_to_last_days, observed_days, customer_count"
        " from main_intermediate.int_ltv__fit_outcomes"
    )
    parameters = parameters_of(warehouse, run_id, model)
    by_own_fits = by_one_fit = 0.0
    for group in ("cohort_year=2022", "cohort_year=2023"):
        x, t_x, observed, count = np.array(
            [row[1:] for row in outcomes if row[0] == group], dtype=float
        ).T
        for fitted in (group, ""):
            orders, _ = parameters[fitted]
            nodes = ORDER_MODELS[model].node_table(orders, covered_order_counts(x))
            made = float(count @ expected_orders(orders, nodes, x, t_x, observed, days=float(days)))
            if fitted:
                by_own_fits += made
            else:
                by_one_fit += made
    assert sum(row[-1] for row in outcomes) == 600  # nobody is foretold by the fit of everybody
    assert expected == pytest.approx(by_own_fits, rel=1e-9)
    assert by_one_fit != pytest.approx(by_own_fits, rel=1e-3)
