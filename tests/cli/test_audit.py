"""The audit: a grade in plain rules, counts that add up, and what is missing by its name."""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest
from cli_helpers import query

from rfm_cli.audit.audit import _need_facts, _question_facts, grade
from rfm_cli.audit.needs import NEEDS, QUESTIONS
from rfm_cli.audit.text import whole_percents

EVERYTHING = {need.entity: 1000 for need in NEEDS}
ALL_FILLED = {need.name: 1.0 for need in NEEDS if need.column}


def graded(rows: dict, shares: dict) -> tuple[str, int, set[str]]:
    needs = [_need_facts(need, rows, shares) for need in NEEDS]
    questions = [_question_facts(key, needs) for key in QUESTIONS]
    credit = sum(need["credit"] for need in needs)
    return grade(questions), credit, {n["name"] for n in needs if n["status"] != "ok"}


def test_all_of_it_is_an_a():
    assert graded(EVERYTHING, ALL_FILLED)[::2] == ("A", set())


@pytest.mark.parametrize("name", sorted(ALL_FILLED))
def test_a_deleted_column_lowers_the_grade_and_is_named(name):
    shares = {other: share for other, share in ALL_FILLED.items() if other != name}
    assert graded(EVERYTHING, shares)[::2] == ("B", {name})


@pytest.mark.parametrize("entity", sorted(EVERYTHING))
def test_a_missing_entity_lowers_the_grade_and_is_named(entity):
    rows = {other: count for other, count in EVERYTHING.items() if other != entity}
    found, _, missing = graded(rows, ALL_FILLED)
    assert found > "A"
    assert missing == {need.name for need in NEEDS if need.entity == entity}


def test_a_column_with_few_values_counts_half():
    whole = graded(EVERYTHING, ALL_FILLED)[1]
    found, credit, missing = graded(EVERYTHING, ALL_FILLED | {"customers.email": 0.1})
    assert (found, credit, missing) == ("B", whole - 0.5, {"customers.email"})


def test_nothing_is_an_f():
    assert graded({}, {})[0] == "F"


@pytest.mark.parametrize("counts", [[1, 1, 1], [2, 1], [7], [0, 5], [999, 1, 1, 1, 1, 1], [3] * 7])
def test_percentages_add_up_to_100(counts):
    assert sum(whole_percents(counts)) == pytest.approx(100, abs=1e-9)


@pytest.fixture(scope="module")
def audited(rfm, built):
    done = rfm("audit", "--database", built.database, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_orders_alone_are_graded_low_and_say_what_is_missing(audited):
    grades = {question["question"]: question["grade"] for question in audited["questions"]}
    assert grades == {"how_many": "D", "who": "F", "what": "E"}
    assert audited["grade"] == "E"
    missing = {need["name"] for need in audited["missing"]}
    assert {"customers", "customers.email", "order_lines.product_id", "consents"} <= missing
    assert "orders.source_customer_id" not in missing
    modules = {module["module"]: module["status"] for module in audited["modules"]}
    assert modules["RFM scores"] == "ok"
    assert modules["profit"] == modules["campaigns"] == "missing"


def test_counts_of_customers_add_up(audited, built):
    counts = audited["customers"]
    assert (
        counts["opening"] + counts["new"] + counts["reactivated"] - counts["lapsed"]
        == (counts["closing"])
    )
    assert counts["closing"] + counts["inactive"] + counts["never_bought"] == counts["total"]
    assert counts["total"] == query(built.database, "select count(*) from customers")[0][0]
    (active,) = query(
        built.database,
        "select count(*) from customer_rfm where last_order_date >= as_of_date - 365",
    )[0]
    assert counts["closing"] == active


@pytest.mark.parametrize("days", [1, 30, 90, 1000])
def test_counts_add_up_whatever_active_means(rfm, built, days):
    done = rfm("audit", "--database", built.database, "--active-days", days, "--json")
    counts = json.loads(done.stdout)["customers"]
    assert (
        counts["opening"] + counts["new"] + counts["reactivated"] - counts["lapsed"]
        == (counts["closing"])
    )


def test_by_hand(rfm, built, tmp_path):
    """Two dates: one customer stays, one comes, one comes back, one goes, one merged."""
    database = shutil.copyfile(built.database, tmp_path / "rfm.duckdb")
    rows = [
        ("2024-01-01", "stays", "2022-01-01", "2023-11-01"),
        ("2024-12-01", "stays", "2022-01-01", "2024-11-01"),
        ("2024-01-01", "back", "2020-01-01", "2020-02-01"),
        ("2024-12-01", "back", "2020-01-01", "2024-10-01"),
        ("2024-01-01", "goes", "2023-01-01", "2023-12-01"),
        ("2024-12-01", "goes", "2023-01-01", "2023-12-01"),
        ("2024-12-01", "new", "2024-05-01", "2024-05-01"),
        ("2024-01-01", "old_id", "2023-01-01", "2023-12-01"),
        ("2024-12-01", "new_id", "2023-01-01", "2024-09-01"),
    ]
    with duckdb.connect(database) as connection:
        connection.execute("drop table customer_rfm_history")
        connection.execute(
            "create table customer_rfm_history (as_of_date date, customer_id varchar,"
            " first_order_date date, last_order_date date)"
        )
        connection.executemany("insert into customer_rfm_history values (?, ?, ?, ?)", rows)
        connection.execute(
            "create table customer_id_redirects as select 'old_id' as old_customer_id,"
            " 'new_id' as customer_id"
        )
    done = rfm("audit", "--database", database, "--active-days", 180, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)["customers"]
    moved = [counts[name] for name in ("opening", "new", "reactivated", "lapsed", "closing")]
    # `new` bought 214 days before the end, so is active again with 365; `goes` did 366 before.
    assert moved == [3, 0, 1, 1, 3]
    done = rfm("audit", "--database", database, "--json")
    counts = json.loads(done.stdout)["customers"]
    moved = [counts[name] for name in ("opening", "new", "reactivated", "lapsed", "closing")]
    assert moved == [3, 1, 1, 1, 4]


def test_demographics_hold_the_unknown_and_add_up(audited):
    ages = audited["demographics"]["age"]
    assert ages == [
        {"class": "Unknown", "customer_count": ages[0]["customer_count"], "customer_share": 1.0}
    ]
    for classes in audited["demographics"].values():
        assert sum(one["customer_share"] for one in classes) == pytest.approx(1)


def test_ages_are_of_the_as_of_date(rfm, built, tmp_path):
    database = shutil.copyfile(built.database, tmp_path / "rfm.duckdb")
    with duckdb.connect(database) as connection:
        (as_of,) = connection.execute("select max(as_of_date) from customers").fetchone()
        birthday = as_of.replace(year=as_of.year - 25)
        connection.execute("create table changed as from customers")
        connection.execute(
            "update changed set birth_date = ? where customer_id < 'c0100'", [birthday]
        )
        connection.execute(
            "update changed set birth_date = ? where customer_id >= 'c0300'",
            [birthday.replace(day=birthday.day + 1)],
        )
        connection.execute("drop table customers")
        connection.execute("alter table changed rename to customers")
    done = rfm("audit", "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    ages = {c["class"]: c["customer_count"] for c in json.loads(done.stdout)["demographics"]["age"]}
    assert ages == {"18-24": 100, "25-34": 100, "Unknown": 200}


def test_whom_a_bought_list_alone_names_is_not_counted(rfm, built, tmp_path):
    database = shutil.copyfile(built.database, tmp_path / "rfm.duckdb")
    with duckdb.connect(database) as connection:
        known = [
            ("panel", f"p{number}", customer, "person")
            for number, (customer,) in enumerate(
                connection.execute("select customer_id from customers limit 30").fetchall()
            )
        ]
        strangers = [("panel", f"s{number}", f"stranger {number}", "person") for number in range(9)]
        connection.execute(
            "create table customer_records (source_name varchar, source_record_id varchar,"
            " customer_id varchar, entity_type varchar)"
        )
        connection.executemany(
            "insert into customer_records values (?, ?, ?, ?)", known + strangers
        )
        connection.execute(
            "create table main_staging.stg_panel__demographics as"
            " select source_record_id, 'high' as income_band, 'school' as education"
            " from customer_records"
        )
    done = rfm("audit", "--database", database, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    bands = {band["class"]: band["customer_count"] for band in facts["demographics"]["income_band"]}
    assert bands == {"high": 30, "Unknown": facts["customers"]["total"] - 30}
    assert facts["customers"]["by_source"] == {"panel": 30}


def test_the_audit_reads_as_words(rfm, built):
    done = rfm("audit", "--database", built.database)
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Grade E" in text
    assert "How many customers do you have?" in text
    assert "order_lines.product_id: what is bought" in text
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_nothing_to_audit_is_said(rfm, tmp_path):
    database = tmp_path / "empty.duckdb"
    duckdb.connect(database).close()
    done = rfm("audit", "--database", database)
    assert done.returncode == 2
    assert "there is nothing to audit yet" in done.stderr
