"""The same orders give the same marts on every engine, whatever the settings."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta

import pytest
from comparing import KEYS_OF_ORDERS, compare
from engines import SERVERS, golden_rows

from rfm_cli.ltv.parameters import ParetoParameters, SpendParameters
from rfm_cli.ltv.simulate import simulate_orders

# Every setting that takes another way through the SQL, in two sets.
FLIPPED = {
    "methods": {
        "rfm_time_zone": "Europe/Berlin",
        "rfm_cadence": "quarter",
        "rfm_window_days": 200,
        "rfm_monetary_aggregate": "mean",
        "rfm_recency_method": "quantile_r",
        "rfm_frequency_method": "quantile_r",
        "rfm_monetary_method": "quantile_r",
        "rfm_ltv_orders": "merge",
        "rfm_value_grid": "nested",
        "rfm_segment_map": "rf25",
        "rfm_latest_order_date": "2024-02-20",
        "rfm_fiscal_year_start_month": 4,
        "rfm_value_lever_days": 60,
        "rfm_spend_certainty": 0.5,
        "rfm_spend_budget_keep_amount": 20,
        "rfm_spend_budget_win_back_amount": "7.50",
        "rfm_spend_budget_acquire_amount": 10,
    },
    "equal sizes": {
        "rfm_table_order_id": "",
        "rfm_as_of_date": "2024-01-15",
        "rfm_cadence": "week",
        "rfm_recency_method": "ntile_hughes",
        "rfm_frequency_method": "ntile_independent",
        "rfm_monetary_method": "ntile_hughes",
        "rfm_ltv_baseline_silent_gaps": 1,
    },
}


@pytest.mark.parametrize("name", SERVERS)
def test_every_mart_is_that_of_duckdb(golden_engines, parity, name):
    wanted, found = golden_engines["duckdb"].marts(), golden_engines[name].marts()
    assert sorted(found) == sorted(wanted) == sorted(KEYS_OF_ORDERS)
    differences = []
    for mart, rows in wanted.items():
        comparison = compare(mart, found[mart], rows)
        parity[mart, name] = (comparison.rows, comparison.worst)
        differences += comparison.differences
        # Orders alone exclude nobody; nobody made a back-test (test_backtest.py does), and a first
        # fit has not held yet.
        is_empty = mart in ("excluded_customers", "ltv_backtest", "ltv_calibration", "ltv_drift")
        assert comparison.rows > 0 or is_empty, mart
    assert not differences, differences[:20]


@pytest.mark.parametrize("name", SERVERS)
def test_what_if_answers_as_on_duckdb(golden_engines, name):
    """The sums that it reads are the warehouse's, what they would be is computed here."""
    answers = {}
    for engine in ("duckdb", name):
        done = golden_engines[engine].rfm(
            "what-if",
            "--order-rate",
            "5",
            "--dropout",
            "-10",
            "--segment-by",
            "value_cell",
            "--json",
        )
        answers[engine] = json.loads(done.stdout)
    wanted, found = answers["duckdb"], answers[name]
    assert wanted["company"]["changed_ltv_12m_amount"] > wanted["company"]["ltv_12m_amount"] > 0
    assert found["company"] == pytest.approx(wanted["company"], rel=1e-9)
    assert len(found["segments"]) == len(wanted["segments"]) > 3
    for row, like in zip(found["segments"], wanted["segments"], strict=True):
        assert row.pop("segment") == like.pop("segment")
        assert row == pytest.approx(like, rel=1e-9)


@pytest.mark.long
@pytest.mark.parametrize("flipped", FLIPPED)
@pytest.mark.parametrize("name", SERVERS)
def test_flipped_settings_change_all_engines_alike(
    golden_engines, engine_of, name, flipped, tmp_path_factory
):
    """Plain dbt: before a fit, so that the baseline is compared too."""
    built = {}
    schema = f"flipped_{flipped.replace(' ', '_')}"
    for engine in (engine_of("duckdb"), golden_engines[name]):
        place = engine.within(schema, tmp_path_factory.mktemp("flipped"))
        place.load(golden_rows())
        done = place.build(
            "--exclude-resource-type", "unit_test", **FLIPPED[flipped], rfm_history_periods=2
        )
        assert done.returncode == 0, done.stdout[-3000:]
        built[place.name] = place.marts()
    differences = [
        difference
        for mart, rows in built["duckdb"].items()
        for difference in compare(mart, built[name][mart], rows).differences
    ]
    assert not differences, differences[:20]
    methods = {row["ltv_method"] for row in built[name]["customer_ltv"]}
    assert methods == {"baseline"}


@pytest.mark.long
@pytest.mark.parametrize("name", SERVERS)
def test_a_model_without_nodes_scores_alike(golden_engines, engine_of, name, tmp_path_factory):
    """Pareto/NBD takes a way through the SQL of its own; so does how its earlier fit has held."""
    drawn = simulate_orders(
        ParetoParameters(0.9, 42.0, 0.6, 80.0), SpendParameters(6.25, 3.74, 15.4), 400,
        acquisition_days=600, total_days=700, seed=2,
    )  # fmt: skip
    rows = [
        (f"c{customer}", str(date(2022, 1, 1) + timedelta(int(day))), f"{amount:.2f}", f"o{number}")
        for number, (customer, day, amount) in enumerate(
            zip(drawn.customer, drawn.day, drawn.amount, strict=True)
        )
    ]
    found = {}
    for engine in (engine_of("duckdb"), golden_engines[name]):
        place = engine.within("pareto", tmp_path_factory.mktemp("pareto"))
        place.load(rows)
        for as_of in ("2023-08-01", "2023-12-02"):
            place.run("--model", "pareto_nbd", "--history", "0", "--as-of", as_of)
        found[place.name] = place.marts()
    for mart in ("customer_ltv", "ltv_checks", "ltv_drift"):
        assert not compare(mart, found[name][mart], found["duckdb"][mart]).differences
        assert found[name][mart]
    assert {row["ltv_method"] for row in found[name]["customer_ltv"]} == {"pareto_nbd"}


@pytest.mark.long
def test_plain_dbt_build_passes_every_test(golden_engines, every_engine, seconds, tmp_path):
    """Every model, data test and unit test, on the marts of a run with its fit; nothing changes."""
    engine = golden_engines[every_engine.name].within("golden", tmp_path)
    if engine.name == "duckdb":
        (tmp_path / "engine.duckdb").write_bytes(golden_engines["duckdb"].database.read_bytes())
    engine.load(golden_rows())
    before = engine.marts()
    began = time.monotonic()
    done = engine.build(rfm_history_periods=3)
    seconds.setdefault("dbt build, all tests", {})[engine.name] = time.monotonic() - began
    assert done.returncode == 0, done.stdout[-3000:]
    counts = dict(part.split("=") for part in done.stdout.split("Done. ")[1].split() if "=" in part)
    assert int(counts["ERROR"]) == int(counts["WARN"]) == int(counts["SKIP"]) == 0
    assert int(counts["PASS"]) > 150
    after = engine.marts()
    for mart, rows in before.items():
        assert not compare(mart, after[mart], rows).differences, mart
