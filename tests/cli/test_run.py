"""`rfm run` on good, odd and bad orders, through the real command."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from cli_helpers import (
    assert_same_marts,
    marts,
    ordinary_orders,
    query,
    write_orders,
)

from rfm_cli.errors import BadInput
from rfm_cli.orders_file import Wishes, inspect
from rfm_cli.round import _require_all_rows
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

GOOD_ROW = ("a", "2024-01-31", "10.00", "o1")


def test_the_facts_match_the_marts(built):
    facts = built.facts
    rows = ordinary_orders()
    assert facts["rows"]["row_count"] == facts["rows"]["usable_row_count"] == len(rows)
    assert facts["order_count"] == len(rows)
    assert facts["customer_count"] == len({row[0] for row in rows})
    assert facts["revenue_amount"] == pytest.approx(sum(row[2] for row in rows), abs=0.005)
    assert facts["as_of_date"] > facts["last_order_date"]
    assert sum(s["customer_count"] for s in facts["segments"]) == facts["customer_count"]
    assert sum(c["customer_count"] for c in facts["value_cells"]) == facts["customer_count"]
    assert len(facts["value_cells"]) == 25
    assert len(facts["best_customers"]) == 5
    assert facts["source"]["columns"]["order_id"] == "order_id"
    assert facts["learned"]["is_accepted"] is True
    assert facts["ltv"]["method"] == "mbg_nbd"


def test_sums_of_value_have_the_intervals_of_the_marts(built):
    stored = {
        segment: amounts
        for segment, *amounts in query(
            built.database,
            "select segment, ltv_12m_amount, lower_amount, upper_amount from ltv_segment_totals"
            " where segment_type in ('company', 'rfm_segment')",
        )
    }
    names = ("ltv_12m_amount", "ltv_12m_lower_amount", "ltv_12m_upper_amount")
    told = {"all": built.facts["ltv"]}
    told |= {segment["rfm_segment"]: segment for segment in built.facts["segments"]}
    assert told.keys() == stored.keys()
    for segment, facts in told.items():
        amounts = [facts[name] for name in names]
        assert amounts == pytest.approx([float(amount) for amount in stored[segment]])
        assert amounts[1] <= amounts[0] <= amounts[2]
    ((residual,),) = query(built.database, "select sum(ltv_residual_amount) from customer_ltv")
    assert built.facts["ltv"]["ltv_residual_amount"] == pytest.approx(float(residual))
    ((far,),) = query(
        built.database,
        "select coalesce(sum(ltv_residual_amount), 0) from customer_ltv"
        " where ltv_residual_reason = 'beyond_history'",
    )
    assert built.facts["ltv"]["is_residual_beyond_history"] is (far > residual / 2)


def test_json_is_quiet(built):
    assert built.stderr == ""


def test_only_the_database_is_left(built):
    assert [path.name for path in built.folder.iterdir()] == ["rfm.duckdb"]


def test_words_on_stdout_and_progress_on_stderr(rfm, built, tmp_path):
    done = rfm("run", "--orders", built.orders, "--verbose", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Champions" in done.stdout
    assert "Best customers" in done.stdout
    assert "UserWarning" not in done.stderr
    assert "orders.csv: CSV" in done.stderr
    assert "Scoring customers" in done.stderr
    assert "Scoring customers" not in done.stdout
    lines = [line for line in done.stdout.splitlines() if str(tmp_path) not in line]
    assert max(len(line) for line in lines) <= 80
    assert_same_marts(built.database, tmp_path / "rfm.duckdb")


@pytest.mark.long
def test_orders_that_shrink_overnight_stop_the_run(rfm, tmp_path):
    rows = ordinary_orders(60)
    first = write_orders(tmp_path / "orders-2024-01-31.csv", rows)
    second = write_orders(tmp_path / "orders-2024-02-01.csv", rows[: len(rows) * 2 // 5])

    def run(file, *options):
        return rfm("run", "--orders", file, *options, cwd=tmp_path)

    done = run(first)
    assert done.returncode == 0, done.stderr
    ranked = "select * from customer_rfm order by all"
    before = query(tmp_path / "rfm.duckdb", ranked)
    done = run(second)
    assert done.returncode == 1, done.stderr
    words = " ".join(done.stderr.split())
    assert "file, orders:" in words
    assert "of the rows of the last run are there; at least 50.0 % asked for" in words
    assert "--accept-fewer-rows" in words
    assert query(tmp_path / "rfm.duckdb", ranked) == before
    done = run(second, "--accept-fewer-rows")
    assert done.returncode == 0, done.stderr
    assert "warning" in done.stdout.lower()
    after = query(tmp_path / "rfm.duckdb", ranked)
    assert 0 < len(after) < len(before)
    done = run(second)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_another_file_of_orders_may_be_smaller(rfm, built, tmp_path):
    shutil.copyfile(built.database, tmp_path / "rfm.duckdb")
    some = write_orders(tmp_path / "some.csv", ordinary_orders(60))
    done = rfm("run", "--orders", some, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_same_orders_again_change_nothing(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    database.write_bytes(built.database.read_bytes())
    done = rfm("run", "--orders", built.orders, "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["learned"]["is_new"] is False
    assert_same_marts(built.database, database)
    fits = "select count(*), count(distinct run_id) from main_fitted.fitted_runs"
    assert query(database, fits) == [(1, 1)]


def test_rows_that_cannot_be_used_are_counted_by_reason(rfm, tmp_path):
    bad = [
        ("", "2024-01-31", "1", "b1"),
        ("null", "", "1", "b2"),
        ("b", "soon", "1", "b3"),
        ("b", "1066-10-14", "1", "b4"),
        ("b", "2999-01-01", "1", "b5"),
        ("b", "2024-01-31", "", "b6"),
        ("b", "2024-01-31", "much", "b7"),
        ("b", "2024-01-31", "more", "b8"),
    ]
    orders = write_orders(tmp_path / "orders.csv", [*[GOOD_ROW] * 9, *bad])
    done = rfm("run", "--orders", orders, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert rows["quarantined"] == {
        "amount_unreadable": 2,
        "amount_missing": 1,
        "customer_missing": 1,
        "date_in_future": 1,
        "date_missing": 1,
        "date_too_early": 1,
        "date_unreadable": 1,
    }
    assert (rows["row_count"], rows["usable_row_count"]) == (17, 9)
    assert query(tmp_path / "rfm.duckdb", "select count(*) from quarantined_rows") == [(8,)]


def test_no_usable_row(rfm, tmp_path):
    orders = write_orders(tmp_path / "orders.csv", [("", "2024-01-31", "1", "x")] * 3)
    done = rfm("run", "--orders", orders, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "none of the 3 rows can be used: customer_missing 3" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_no_order_before_the_as_of_date(rfm, tmp_path):
    orders = write_orders(tmp_path / "orders.csv", [GOOD_ROW])
    done = rfm("run", "--orders", orders, "--as-of", "2024-01-31", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "2024-01-31" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def run_ok(rfm, tmp_path, rows, *options):
    orders = write_orders(tmp_path / "orders.csv", rows)
    done = rfm("run", "--orders", orders, "--json", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.long
def test_one_row(rfm, tmp_path):
    facts = run_ok(rfm, tmp_path, [GOOD_ROW])
    assert (facts["customer_count"], facts["order_count"]) == (1, 1)
    assert facts["ltv"]["method"] == "baseline"
    assert facts["learned"]["is_accepted"] is False
    assert "second time" in facts["learned"]["refusal_reason"]


@pytest.mark.long
def test_one_customer(rfm, tmp_path):
    rows = [("a", f"2024-{month:02d}-15", "10", f"o{month}") for month in range(1, 8)]
    facts = run_ok(rfm, tmp_path, rows)
    assert (facts["customer_count"], facts["order_count"]) == (1, 7)


@pytest.mark.long
def test_rows_with_one_order_id_are_one_order(rfm, tmp_path):
    facts = run_ok(rfm, tmp_path, [GOOD_ROW, GOOD_ROW, ("b", "2024-01-30", "5", "o2")])
    assert (facts["order_count"], facts["revenue_amount"]) == (2, 25.0)


@pytest.mark.long
def test_a_million_identical_rows(rfm, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text("customer_id,ordered_at,amount\n" + "a,2024-01-31,1.00\n" * 1_000_000)
    done = rfm("run", "--orders", orders, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert (facts["rows"]["usable_row_count"], facts["order_count"]) == (1_000_000, 1)
    assert facts["revenue_amount"] == 1_000_000.0


@pytest.mark.parametrize(
    "codec",
    [
        "utf-16",
        pytest.param("utf-8-sig", marks=pytest.mark.long),
        pytest.param("latin-1", marks=pytest.mark.long),
    ],
)
def test_a_file_as_a_spreadsheet_writes_it(rfm, tmp_path, codec):
    orders = tmp_path / "orders.csv"
    text = (
        ' Kunde ;Bestelldatum; Betrag in Euro ;"Order No."\r\n'
        '"Müller; Söhne";31.12.2023;1.234,50;7\r\n'
        "b;30.12.2023;(3,20);8\r\n"
        "b;29.12.2023;3,20;9\r\n"
        "\r\n"
    )
    orders.write_bytes(text.encode(codec))
    done = rfm("run", "--orders", orders, "--amount", "betrag in euro", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    sql = (
        "select customer_id, order_date::varchar, revenue_amount::varchar from orders order by 1, 2"
    )
    assert query(tmp_path / "rfm.duckdb", sql) == [
        ("Müller; Söhne", "2023-12-31", "1234.50"),
        ("b", "2023-12-29", "3.20"),
        ("b", "2023-12-30", "-3.20"),
    ]


def test_an_earlier_as_of_date(rfm, built, tmp_path):
    done = rfm(
        "run", "--orders", built.orders, "--as-of", "2023-09-01", "--history", "2",
        "--cadence", "week", "--model", "bg_nbd", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["as_of_date"] == "2023-09-01"
    assert facts["rows"]["not_yet_row_count"] > 0
    dates = "select count(distinct as_of_date) from customer_rfm_history"
    assert query(tmp_path / "rfm.duckdb", dates) == [(3,)]


def test_a_corrupt_database_is_left_alone(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    database.write_bytes(b"this is no database")
    done = rfm("run", "--orders", built.orders, cwd=tmp_path)
    assert done.returncode == 4
    assert "not a DuckDB database" in done.stderr
    assert database.read_bytes() == b"this is no database"


def test_a_full_disk_leaves_the_database_as_it_was(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    before = built.database.read_bytes()
    database.write_bytes(before)
    orders = tmp_path / "orders.csv"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select hash(i) as customer_id, date '2020-01-01' + i::int % 1000 as ordered_at, "
            "i % 997 / 7 as amount, hash(-i) as order_id from range(600000) as r(i)) "
            f"to '{orders}'"
        )
    limit = len(before) + 6_000_000

    def fill_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = rfm("run", "--orders", orders, cwd=tmp_path, preexec_fn=fill_disk)
    assert done.returncode == 4, done.stderr
    assert "the disk is full" in done.stderr
    assert "free some space" in done.stderr
    assert database.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["orders.csv", "rfm.duckdb"]
    assert marts(database) == marts(built.database)


@pytest.mark.parametrize("share", [pytest.param(0.6, marks=pytest.mark.long), 0.95])
def test_a_disk_that_fills_up_at_the_end_publishes_nothing(rfm, built, tmp_path, share):
    """DuckDB writes much of its file when it is closed, and keeps quiet if that fails."""
    limit = int(share * built.database.stat().st_size)

    def fill_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = rfm("run", "--orders", built.orders, cwd=tmp_path, preexec_fn=fill_disk)
    assert done.returncode == 4, done.stderr
    assert "the disk is full" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_model_that_cannot_be_built(rfm, built, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    model = project / "models" / "marts" / "rfm" / "customer_rfm.sql"
    model.write_text("select nonsense from {{ ref('customer_rfm_history') }}")
    done = rfm("run", "--orders", built.orders, "--project-dir", project, cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "customer_rfm" in done.stderr
    assert "nonsense" in done.stderr
    assert str(model) in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_data_test_that_fails(rfm, built, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    claim = project / "tests" / "dbt" / "assert_nobody_spends.sql"
    claim.write_text("select * from {{ ref('customer_rfm') }} where monetary_amount > 0")
    done = rfm("run", "--orders", built.orders, cwd=project)
    assert done.returncode == 1, done.stderr
    assert "assert_nobody_spends" in done.stderr
    assert f"{built.facts['customer_count']} rows break" in done.stderr
    compiled = re.search(r"the SQL that finds them is (\S+\.sql)", done.stderr)
    assert Path(compiled[1]).is_file()
    assert not (project / "rfm.duckdb").exists()


@pytest.mark.long
def test_a_data_test_that_warns(rfm, built, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    claim = project / "tests" / "dbt" / "assert_nobody_spends.sql"
    claim.write_text(
        "{{ config(severity='warn') }} "
        "select * from {{ ref('customer_rfm') }} where monetary_amount > 0"
    )
    (project / "tests" / "dbt" / "claims.yml").write_text(
        "data_tests:\n  - name: assert_nobody_spends\n    description: Nobody spends.\n"
    )
    done = rfm("run", "--orders", built.orders, "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["warnings"] == [
        {
            "test": "assert_nobody_spends",
            "claim": "Nobody spends",
            "row_count": built.facts["customer_count"],
        }
    ]


def test_a_project_that_cannot_be_read(rfm, built, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    (project / "models" / "broken.sql").write_text("select * from {{ ref('no_such_model') }}")
    done = rfm("run", "--orders", built.orders, cwd=project)
    assert done.returncode == 3, done.stderr
    assert "no_such_model" in done.stderr
    assert done.stdout == ""


@pytest.mark.long
def test_nothing_is_written_into_the_project(rfm, built, tmp_path):
    project = tmp_path / "project"
    assert rfm("init", project).returncode == 0
    before = sorted(project.rglob("*"))
    done = rfm("run", "--orders", built.orders, "--project-dir", project, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(project.rglob("*")) == before


def test_a_writer_elsewhere(rfm, built, tmp_path):
    database = tmp_path / "rfm.duckdb"
    database.write_bytes(built.database.read_bytes())
    code = "import sys, duckdb; c = duckdb.connect('rfm.duckdb'); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        writer.stdout.readline()
        done = rfm("run", "--orders", built.orders, cwd=tmp_path)
        writer.communicate(b"\n")
    assert done.returncode == 4
    assert f"process {writer.pid}" in done.stderr


def test_rows_that_dbt_did_not_read_are_no_secret(tmp_path):
    database = tmp_path / "x.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("create table s as select 'file' as source_name, 2 as row_count")
    orders = write_orders(tmp_path / "orders.csv", [GOOD_ROW] * 3)
    file = inspect(orders, Wishes())
    with (
        DuckDBWarehouse(database) as warehouse,
        pytest.raises(BadInput, match="holds 3 rows, but 2 were read"),
    ):
        _require_all_rows(warehouse, {"source_summary": "s"}, file)
