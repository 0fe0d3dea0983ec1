"""`rfm backtest` on small databases: what it finds, keeps, leaves alone and refuses."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from cli_helpers import marts, ordinary_orders, query, write_orders

from rfm_cli.dbt import Dbt
from rfm_cli.ltv.correction import Correction
from rfm_cli.project import shipped_project
from rfm_cli.warehouse.targets import duckdb_target

MARTS = ("ltv_backtest", "ltv_calibration")
FITTED = ("fitted_ltv_backtest", "fitted_ltv_calibration", "fitted_ltv_corrections", "fitted_runs")


@pytest.fixture(scope="module")
def judged(rfm, built, tmp_path_factory) -> tuple[Path, dict]:
    """A copy of the ordinary database after a back-test, and what the command said."""
    database = tmp_path_factory.mktemp("judged") / "rfm.duckdb"
    shutil.copy(built.database, database)
    done = rfm("backtest", "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    return database, json.loads(done.stdout)


def rows(database, table, schema="main"):
    return query(database, f"select * from {schema}.{table} order by all")


def test_before_a_back_test_the_marts_are_empty(built):
    for mart in MARTS:
        assert rows(built.database, mart) == []


def test_cuts_lie_one_holdout_apart_up_to_the_as_of_date(built, judged):
    _, facts = judged
    first = date.fromisoformat(min(row[1] for row in ordinary_orders()))
    as_of = date.fromisoformat(facts["as_of_date"])
    days = (as_of - first).days // 4
    assert [(cut["cut_date"], cut["holdout_days"]) for cut in facts["cuts"]] == [
        ((as_of - timedelta(days=days * back)).isoformat(), days) for back in (3, 2, 1)
    ]


def test_what_came_is_what_the_file_says(judged):
    _, facts = judged
    orders = [(row[0], date.fromisoformat(row[1]), row[2]) for row in ordinary_orders()]
    for cut in facts["cuts"]:
        day = date.fromisoformat(cut["cut_date"])
        known = {customer for customer, at, _ in orders if at < day}
        end = day + timedelta(days=cut["holdout_days"])
        came = [amount for who, at, amount in orders if who in known and day <= at < end]
        assert cut["customer_count"] == len(known)
        assert cut["actual_orders"] == len(came)
        assert cut["actual_value"] == pytest.approx(sum(came))


def test_every_method_is_judged_at_every_cut(judged):
    database, facts = judged
    assert facts["is_new"] is True
    # These customers all drop out with one probability, which Pareto/NBD has no parameters for.
    assert {one["method"] for one in facts["refusals"]} <= {"pareto_nbd"}
    assert all("lie at a bound" in one["reason"] for one in facts["refusals"])
    assert {row["method"] for row in facts["results"]} == {
        "mbg_nbd", "bg_nbd", "pareto_nbd",
        "last_period", "last_third", "mean_rate", "hiatus", "past_value", "rfm_cell",
    }  # fmt: skip
    plain = [row for row in facts["results"] if not row["is_corrected"]]
    assert len(plain) == 9 * 2 * 3
    for row in plain:
        assert (row["root_mean_square_error"] is None) == (row["refusal_reason"] is not None)
    corrected = [row for row in facts["results"] if row["is_corrected"]]
    assert {row["cut_date"] for row in corrected} == {cut["cut_date"] for cut in facts["cuts"][1:]}
    assert {"mbg_nbd", "bg_nbd"} <= {row["method"] for row in corrected}
    assert len(rows(database, "ltv_backtest")) == len(facts["results"])
    winners = query(
        database,
        "select measure, method, count(*) from ltv_backtest where is_winner "
        "group by measure, method order by measure",
    )
    assert winners == [(measure, facts[measure]["winner"], 3) for measure in ("orders", "value")]


def test_deciles_add_up_to_the_totals(judged):
    database, facts = judged
    apart = query(
        database,
        "select max(abs(results.predicted_total - deciles.predicted_total)), "
        "max(abs(results.actual_total - deciles.actual_total)), "
        "max(abs(results.customer_count - deciles.customer_count)), count(*) "
        "from ltv_backtest as results inner join (select cut_date, measure, method, is_corrected, "
        "sum(predicted_total) as predicted_total, sum(actual_total) as actual_total, "
        "sum(customer_count) as customer_count from ltv_calibration group by all) as deciles "
        "using (cut_date, measure, method, is_corrected)",
    )[0]
    assert apart[:3] == pytest.approx((0, 0, 0), abs=1e-6)
    assert apart[3] == len([row for row in facts["results"] if not row["refusal_reason"]])


def test_a_second_back_test_of_the_same_orders_fits_nothing(rfm, judged, tmp_path):
    database = tmp_path / "again.duckdb"
    shutil.copy(judged[0], database)
    before = [rows(database, name, "main_fitted") for name in FITTED]
    done = rfm("backtest", "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    again = json.loads(done.stdout)
    assert again == {**judged[1], "is_new": False, "database": str(database)}
    assert [rows(database, name, "main_fitted") for name in FITTED] == before
    assert [path.name for path in tmp_path.iterdir()] == ["again.duckdb"]


def test_scores_stay_as_they_are(built, judged):
    for mart in set(marts(built.database)) - set(MARTS):
        assert rows(judged[0], mart) == rows(built.database, mart), mart


def test_nothing_that_is_kept_names_a_customer(judged):
    for name in FITTED:
        for row in rows(judged[0], name, "main_fitted"):
            assert not any(str(value).startswith("c0") for value in row)


@pytest.mark.long
def test_a_round_afterwards_keeps_the_results(rfm, built, judged, tmp_path):
    database = tmp_path / "rfm.duckdb"
    shutil.copy(judged[0], database)
    done = rfm("run", "--orders", built.orders, "--database", database, "--quiet")
    assert done.returncode == 0, done.stderr
    for mart in MARTS:
        assert rows(database, mart) == rows(judged[0], mart)


def test_the_verdict_is_told_in_words(rfm, judged, tmp_path):
    database = tmp_path / "rfm.duckdb"
    shutil.copy(judged[0], database)
    done = rfm("backtest", "--database", database)
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "the lowest mean rank wins" in text
    for measure, name in (("value", "Money"), ("orders", "Orders")):
        if judged[1][measure]["is_model_best"]:
            assert f"{name}: " in text and "Against the best naive rule" in text
        else:
            assert f"{name}: no model beats the naive rule" in text
    assert "Corrected by what earlier hold-outs had shown" in text


def test_corrected_scores_are_those_of_the_learned_line(built, judged, tmp_path):
    database = tmp_path / "rfm.duckdb"
    shutil.copy(judged[0], database)
    dbt = Dbt(shipped_project(), duckdb_target(database), {"rfm_ltv_correction": "backtest"})
    dbt.build(select=("int_ltv__corrected", "customer_ltv"))
    pieces = query(
        database,
        "select measure, list(from_yearly order by from_yearly), "
        "list(intercept order by from_yearly), list(slope order by from_yearly) "
        "from main_fitted.fitted_ltv_corrections where model = 'mbg_nbd' group by measure",
    )
    corrections = {
        measure: Correction(*(np.array(column) for column in columns))
        for measure, *columns in pieces
    }
    columns = (
        "expected_orders_365d", "expected_orders_90d", "expected_order_value", "ltv_12m_amount",
        "ltv_upper_amount",
    )  # fmt: skip
    before, after = (
        np.array(
            query(path, f"select {', '.join(columns)} from main.customer_ltv order by customer_id"),
            dtype=float,
        ).T
        for path in (built.database, database)
    )
    orders = corrections["orders"].factor(before[0])
    value = corrections["value"].factor(before[0] * before[2])
    assert np.abs(orders - 1).max() > 0.01
    np.testing.assert_allclose(after[0], before[0] * orders, rtol=1e-12)
    np.testing.assert_allclose(after[1], before[1] * orders, rtol=1e-12)
    np.testing.assert_array_equal(after[2], before[2])
    np.testing.assert_allclose(after[3], before[3] * value, atol=0.02, rtol=1e-3)
    np.testing.assert_allclose(after[4], before[4] * value, atol=0.02, rtol=1e-3)


@pytest.mark.long
def test_a_back_test_as_of_the_past_knows_nothing_later(rfm, built, tmp_path):
    early = [row for row in ordinary_orders() if row[1] < "2023-10-01"]
    short = write_orders(tmp_path / "short.csv", early)
    found = []
    for name, orders in (("all", built.orders), ("short", short)):
        database = tmp_path / f"{name}.duckdb"
        options = ("--database", database, "--as-of", "2023-10-01", "--quiet")
        done = rfm("run", "--orders", orders, *options)
        assert done.returncode == 0, done.stderr
        options = ("--folds", "1", "--model", "mbg_nbd", "--json")
        done = rfm("backtest", "--database", database, *options)
        assert done.returncode == 0, done.stderr
        found.append({**json.loads(done.stdout), "database": None})
    assert found[0] == found[1]
    assert found[0]["as_of_date"] == "2023-10-01"


def test_chosen_cuts_and_models(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    shutil.copy(built.database, database)
    options = ("--cut", "2023-09-01", "--cut", "2023-07-01", "--holdout-days", "60")
    done = rfm("backtest", "--database", database, *options, "--model", "bg_nbd", "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert [cut["cut_date"] for cut in facts["cuts"]] == ["2023-07-01", "2023-09-01"]
    models = {row["method"] for row in facts["results"] if row["is_model"]}
    assert models == {"bg_nbd"}


@pytest.mark.parametrize(
    ("options", "problem", "hint"),
    [
        (("--cut", "2023-01-20"), "the cut leaves", "choose a cut further inside"),
        (("--cut", "2024-06-01"), "0 after", "choose a cut further inside"),
        (("--holdout-days", "7"), "too short to judge", "use at least 30"),
        (("--folds", "20"), "too few for 20 hold-outs", "--folds 11"),
        (("--holdout-days", "300"), "too few for 3 hold-outs", "--folds 1 and at most"),
    ],
)
def test_a_cut_that_cannot_be_made_is_refused(rfm, built, options, problem, hint):
    done = rfm("backtest", "--database", built.database, *options)
    assert (done.returncode, done.stdout) == (2, "")
    words = " ".join(done.stderr.split())
    assert problem in words
    assert hint in words


@pytest.mark.long
def test_a_history_of_weeks_is_too_short(rfm, tmp_path):
    lines = [(f"c{n}", f"2024-01-{1 + n % 28:02d}", 10, f"o{n}") for n in range(60)]
    orders = write_orders(tmp_path / "orders.csv", lines)
    database = tmp_path / "rfm.duckdb"
    assert rfm("run", "--orders", orders, "--database", database, "-q").returncode == 0
    done = rfm("backtest", "--database", database)
    assert done.returncode == 2
    assert "load orders of at least 60 days" in " ".join(done.stderr.split())


@pytest.mark.long
def test_customers_who_never_come_back_are_judged_by_rules_alone(rfm, tmp_path):
    first = date(2023, 1, 1)
    lines = [(f"c{n}", first + timedelta(days=3 * n), 10, f"o{n}") for n in range(120)]
    orders = write_orders(tmp_path / "orders.csv", lines)
    database = tmp_path / "rfm.duckdb"
    assert rfm("run", "--orders", orders, "--database", database, "-q").returncode == 0
    done = rfm("backtest", "--database", database)
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "no model could be fitted at every cut" in text
    assert "No customer has ordered a second time" in text


def test_without_a_database_nothing_is_made(rfm, tmp_path):
    done = rfm("backtest", "--database", tmp_path / "none.duckdb")
    assert done.returncode in (2, 4)
    assert list(tmp_path.iterdir()) == []
