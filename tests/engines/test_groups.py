"""Groups of customers, learned, scored and judged on each engine, end at the same numbers."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from comparing import compare
from engines import SERVERS

from rfm_cli.ltv.parameters import BgParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders

pytestmark = pytest.mark.long

COHORTS = {2022: 30.0, 2023: 60.0}
MARTS = ("customer_ltv", "ltv_drift", "ltv_parameters", "ltv_segment_totals")
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SETTINGS = {
    "rfm_history_periods": 0,
    "rfm_ltv_group_by": ["cohort_quarter", "source"],
    "rfm_ltv_max_groups": 5,
}


def orders_of_cohorts():
    rows = []
    for year, alpha in COHORTS.items():
        drawn = simulate_orders(
            BgParameters("mbg_nbd", 0.9, alpha, 0.8, 3.0),
            SpendParameters(6.25, 3.74, 15.4),
            250,
            acquisition_days=350,
            total_days=(date(2024, 3, 1) - date(year, 1, 1)).days,
            seed=year,
        )
        rows += [
            (f"{year}-{customer}", str(date(year, 1, 1) + timedelta(int(day))), f"{amount:.2f}")
            for customer, day, amount in zip(drawn.customer, drawn.day, drawn.amount, strict=True)
        ]
    return [(*row, f"o{number}") for number, row in enumerate(rows)]


@pytest.mark.parametrize("name", SERVERS)
def test_groups_score_alike(engine_of, name, tmp_path_factory):
    found, groups = {}, {}
    for engine in (engine_of("duckdb"), engine_of(name)):
        place = engine.within("grouped", tmp_path_factory.mktemp("grouped"))
        place.load(orders_of_cohorts())
        inputs = ("--select", "+int_ltv__order_counts", "+int_ltv__spend_counts")
        earlier = {**SETTINGS, "rfm_as_of_date": "2024-01-01"}
        done = place.build(*NO_TESTS, *inputs, "path:models/fitted", **earlier)
        assert done.returncode == 0, done.stdout[-2000:]
        learned = json.loads(place.rfm("fit", "--json").stdout)
        assert learned["group_count"] == 6  # five quarters, and the others
        made = ("--select", "+ltv_segment_totals", "ltv_parameters", "+ltv_drift")
        done = place.build(*NO_TESTS, *made, **SETTINGS)
        assert done.returncode == 0, done.stdout[-2000:]
        with place.open() as warehouse:
            found[place.name] = {
                mart: warehouse.records(f"select * from {warehouse.relation(mart)}")
                for mart in MARTS
            }
            groups[place.name] = sorted(
                warehouse.query(
                    "select ltv_group, r is null from " + warehouse.relation("int_ltv__group_fits")
                )
            )
    for mart in MARTS:
        assert found[name][mart]
        assert not compare(mart, found[name][mart], found["duckdb"][mart]).differences
    totals = {row["segment"]: row for row in found[name]["ltv_segment_totals"]}
    assert totals["all"]["parameter_standard_error"] > 0
    assert groups[name] == groups["duckdb"]
    assert ("(other)", False) in groups[name]
    assert len(groups[name]) == 7
