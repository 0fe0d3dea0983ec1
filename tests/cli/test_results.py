"""Explain, export, report, fit, check and init on a database that a run made."""

from __future__ import annotations

import csv
import html
import io
import json
import shutil

import duckdb
import pytest
from cli_helpers import marts, query, write_orders

from rfm_cli import words
from rfm_cli.disk import disk_errors
from rfm_cli.errors import WarehouseUnavailable


@pytest.fixture
def copy(built, tmp_path):
    """Copy the database, to change it."""
    return shutil.copyfile(built.database, tmp_path / "rfm.duckdb")


def stored(database, table, customer):
    with duckdb.connect(database, read_only=True) as connection:
        cursor = connection.execute(f"select * from {table} where customer_id = ?", [customer])
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


@pytest.mark.parametrize("customer", ["c0000", "c0007", "c0123", "c0399"])
def test_explain_says_what_is_stored(rfm, built, customer):
    done = rfm("explain", customer, "--database", built.database)
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    row = stored(built.database, "customer_rfm", customer)
    assert f"{row['rfm_segment']}, RFM {row['rfm_code']}" in text
    assert f"Recency {row['recency_score']} of 5" in text
    assert f"was {words.count(row['recency_days'], 'day')} ago" in text
    assert (
        f"Frequency {row['frequency_score']} of 5: {words.count(row['frequency'], 'order')}" in text
    )
    money = words.money(row["monetary_amount"])
    assert f"Money {row['monetary_score']} of 5: {money} of net revenue" in text
    ltv = stored(built.database, "customer_ltv", customer)
    assert f"probability of {100 * ltv['alive_probability']:.1f} %" in text
    for column in ("ltv_12m_amount", "ltv_36m_amount"):
        assert words.money(ltv[column]) in text
    if ltv["ltv_upper_amount"] > 0:
        assert words.money(ltv["ltv_lower_amount"]) in text
        assert words.money(ltv["ltv_upper_amount"]) in text
    else:
        assert "most likely nothing" in text
    assert f"{ltv['expected_orders_365d']:.2f} in the next 365" in text
    value = stored(built.database, "customer_value", customer)
    assert (
        f"Cell {value['value_cell']}, strategy: {value['value_strategy'].replace('_', ' ')}."
        in text
    )
    best = query(
        built.database, "select reasons from best_customers where customer_id = ?", [customer]
    )
    for (reasons,) in best:
        assert " ".join(reasons.split()) in text


def test_the_thresholds_explain_the_scores(rfm, built):
    for customer in ("c0001", "c0002", "c0003"):
        done = rfm("explain", customer, "--database", built.database, "--json")
        facts = json.loads(done.stdout)
        for measure, threshold in facts["thresholds"].items():
            assert threshold["score"] == facts["rfm"][f"{measure}_score"]
        assert facts["rfm"]["recency_days"] <= facts["thresholds"]["recency"]["starts_at_value"]
        assert facts["rfm"]["frequency"] >= facts["thresholds"]["frequency"]["starts_at_value"]
        money = facts["thresholds"]["monetary"]["starts_at_value"]
        assert facts["rfm"]["monetary_amount"] >= money


def test_unknown_customer(rfm, built):
    done = rfm("explain", "c012", "--database", built.database)
    assert (done.returncode, done.stdout) == (2, "")
    assert "c0012" in done.stderr


@pytest.mark.parametrize("command", [["explain", "c1"], ["export", "orders"], ["fit"]])
def test_missing_database(rfm, tmp_path, command):
    done = rfm(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "does not exist" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_something_else(rfm, tmp_path):
    duckdb.connect(tmp_path / "rfm.duckdb").close()
    for command in (["explain", "c1"], ["export", "orders"], ["report"], ["fit"]):
        done = rfm(*command, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "rfm run" in done.stderr


def test_export_csv_holds_the_mart(rfm, built):
    done = rfm("export", "customer_value", "--database", built.database)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == built.facts["customer_count"]
    first = rows[0]
    value = stored(built.database, "customer_value", first["customer_id"])
    assert first == {name: str(content) for name, content in value.items()}


def test_csv_lines_end_as_rfc_4180_says(rfm, built, tmp_path):
    rfm("export", "customers", "--database", built.database, "--output", tmp_path / "c.csv")
    content = (tmp_path / "c.csv").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == built.facts["customer_count"] + 1


FORMULAS = ["=1+1", "+1", "-2+3", "@x", "\tx", "\rx", " =1", "　＝1", "＋1", "－1", "＠x"]  # noqa: RUF001


def test_export_is_formula_safe_and_numbers_stay(rfm, copy):
    harmless = ["a=1", "x-1", "'q'", 'say "hi"', "a,b", "líne\nbreak"]
    with duckdb.connect(copy) as connection:
        connection.execute("create or replace table main.customers (name varchar, amount double)")
        connection.executemany(
            "insert into main.customers values (?, ?)", [[t, -5.5] for t in FORMULAS + harmless]
        )
    done = rfm("export", "customers", "--database", copy, "--output", copy.parent / "c.csv")
    assert done.returncode == 0, done.stderr
    with (copy.parent / "c.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["'" + text for text in FORMULAS] + harmless
    assert {row["amount"] for row in rows} == {"-5.5"}


def test_export_parquet(rfm, built, tmp_path):
    import pyarrow.parquet as pq

    target = tmp_path / "ltv.parquet"
    done = rfm("export", "customer_ltv", "--database", built.database, "--output", target)
    assert (done.returncode, done.stdout) == (0, "")
    assert pq.read_table(target).num_rows == built.facts["customer_count"]


def test_export_replaces_only_when_asked(rfm, built, tmp_path):
    target = tmp_path / "c.csv"
    target.write_text("mine")
    arguments = ["export", "customers", "--database", built.database, "--output", target]
    refused = rfm(*arguments)
    assert refused.returncode == 2
    assert "--overwrite" in refused.stderr
    assert target.read_text() == "mine"
    assert rfm(*arguments, "--overwrite").returncode == 0
    assert target.read_text() != "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["c.csv"]


def test_export_of_an_unknown_table_lists_the_marts(rfm, built):
    done = rfm("export", "best_customer", "--database", built.database)
    assert done.returncode == 2
    assert "did you mean best_customers?" in done.stderr
    for mart in marts(built.database):
        assert mart in done.stderr
    assert rfm("export", "fitted_runs", "--database", built.database).returncode == 2


def test_report_is_one_file_that_needs_nothing(rfm, built, copy):
    hostile = "<script>alert(1)</script>"
    with duckdb.connect(copy) as connection:
        connection.execute("update best_customers set customer_id = ?", [hostile])
    page = copy.parent / "r.html"
    done = rfm("report", "--database", copy, "--output", page)
    assert (done.returncode, done.stdout) == (0, "")
    text = page.read_text(encoding="utf-8")
    assert hostile not in text
    assert html.escape(hostile) in text
    for outside in ("http://", "https://", "src=", "@import", "url("):
        assert outside not in text
    assert f"{built.facts['customer_count']:,}" in text
    assert words.totals_in_words(built.facts["ltv"]) in text
    for segment in built.facts["segments"]:
        lower, upper = segment["ltv_12m_lower_amount"], segment["ltv_12m_upper_amount"]
        assert f"{words.whole_money(lower)} to {words.whole_money(upper)}" in text


def test_fit_again_changes_nothing(rfm, copy):
    before = query(copy, "select run_id from main_fitted.fitted_runs")
    done = rfm("fit", "--database", copy, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["is_new"] is False
    assert query(copy, "select run_id from main_fitted.fitted_runs") == before
    assert [path.name for path in copy.parent.iterdir()] == ["rfm.duckdb"]


def test_fit_of_another_model_is_appended(rfm, copy):
    done = rfm("fit", "--database", copy, "--model", "bg_nbd")
    assert done.returncode == 0, done.stderr
    models = query(copy, "select model from main_fitted.fitted_runs order by run_number")
    assert models == [("mbg_nbd",), ("bg_nbd",)]


def test_check_of_a_good_database(rfm, built):
    done = rfm("check", "--database", built.database, "--json")
    assert done.returncode == 0, done.stdout
    facts = json.loads(done.stdout)
    assert facts["is_well"] is True
    results = {check["name"]: check["result"] for check in facts["checks"]}
    assert results == dict.fromkeys(
        (
            *("versions", "project", "source", "database", "orders"),
            *("fit", "dropout", "rhythm", "season", "spend"),
        ),
        "ok",
    )


def test_check_warns_about_an_old_fit(rfm, copy):
    with duckdb.connect(copy) as connection:
        connection.execute(
            "create or replace table main_intermediate.int_ltv__current_fit as "
            "select * replace (fitted_as_of_date - 36 as fitted_as_of_date) "
            "from main_intermediate.int_ltv__current_fit"
        )
    done = rfm("check", "--database", copy)
    assert done.returncode == 0
    assert "36 days old" in done.stdout


def test_check_fails_without_a_database(rfm, tmp_path):
    done = rfm("check", cwd=tmp_path)
    assert done.returncode == 1
    assert "fail database" in done.stdout


def test_init_makes_a_project_that_is_found(rfm, tmp_path):
    project = tmp_path / "mine"
    assert rfm("init", project).returncode == 0
    assert (project / "dbt_project.yml").is_file()
    assert (project / "README.md").is_file()
    checked = json.loads(rfm("check", "--json", cwd=project).stdout)
    found = next(check for check in checked["checks"] if check["name"] == "project")
    assert str(project) in found["message"]


def test_init_refuses_a_folder_with_something_in_it(rfm, tmp_path):
    (tmp_path / "x").touch()
    done = rfm("init", tmp_path)
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_explain_a_customer_without_an_order(rfm, tmp_path):
    orders = write_orders(
        tmp_path / "orders.csv", [("a", "2024-01-05", 10, "1"), ("b", "2024-01-06", -4, "2")]
    )
    assert rfm("run", "--orders", orders, "-d", "rfm.duckdb", cwd=tmp_path).returncode == 0
    done = rfm("explain", "b", "-d", "rfm.duckdb", cwd=tmp_path)
    assert done.returncode == 0
    assert "no order, only refunds (-4.00)" in " ".join(done.stdout.split())


@pytest.mark.parametrize("command", [["report"], ["export", "customers", "--overwrite"]])
def test_the_database_is_no_output(rfm, copy, tmp_path, command):
    before = copy.read_bytes()
    link = tmp_path / "page.html"
    link.hardlink_to(copy)
    for output in (copy, link):
        done = rfm(*command, "--database", copy, "--output", output)
        assert done.returncode == 2, done.stderr
        assert "is the database itself" in done.stderr
    assert copy.read_bytes() == before


def test_paths_are_no_markup(rfm, built, tmp_path):
    folder = tmp_path / "[" / "x] :smile:"
    folder.mkdir(parents=True)
    done = rfm("check", "--database", folder / "rfm.duckdb")
    assert done.returncode == 1, done.stderr
    assert f"{folder}/rfm.duckdb" in done.stdout


def test_each_line_of_an_explanation_is_whole_in_a_pipe(rfm, built):
    done = rfm("explain", "c0007", "--database", built.database)
    assert any(len(line) > 100 for line in done.stdout.splitlines())


def test_a_full_disk_is_told_of_what_was_written(tmp_path):
    with pytest.raises(WarehouseUnavailable) as caught, disk_errors(tmp_path / "x", what="export"):
        raise OSError(28, "No space left on device")
    assert "write the export to another disk" in caught.value.hint
    assert "database" not in caught.value.hint
