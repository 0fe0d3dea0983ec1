"""Links are appended once per data and model, the model is frozen in a file, refusals are kept."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import duckdb
import pytest

pytest.importorskip("splink")

from rfm_cli import learn_links as linking
from rfm_cli.errors import BadInput
from rfm_cli.learn_links import (
    LINK_RELATIONS,
    keep_probability,
    learn_links,
    model_path,
    wants_links,
)
from rfm_cli.warehouse.duckdb import DuckDBWarehouse
from rfm_cli.warehouse.targets import Target, duckdb_target

AS_OF = date(2024, 1, 1)
TABLES = """
create table int_time__as_of_dates (as_of_date date, is_current boolean);
insert into int_time__as_of_dates values ('2024-01-01', true), ('2023-12-01', false);
create table int_identity__records (record_id varchar, entity_type varchar,
    given_name_key varchar, given_name_word varchar, is_given_name_full boolean,
    family_name_key varchar,
    postal_key varchar, street_key varchar, city varchar, birth_date date, birth_year int,
    email varchar, email_hash varchar, phone varchar, other_phone varchar, tax_id varchar,
    loyalty_id varchar, crm_id varchar);
create table int_identity__suppressed (identifier_type varchar, identifier_value varchar,
    suppression_reason varchar, record_count bigint, family_name_count bigint);
create table fitted_identity_links (run_id varchar, left_record_id varchar,
    right_record_id varchar, match_probability double, match_weight double, evidence varchar);
create table fitted_runs (run_id varchar, run_number int, topic varchar, as_of_date date,
    model varchar, is_accepted boolean, refusal_reason varchar, customer_count bigint,
    repeat_customer_count bigint, rfm_version varchar);
"""
RELATIONS = {name: name for name in LINK_RELATIONS}
PERSONS = 60


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "x.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(TABLES)
    with DuckDBWarehouse(path, read_only=False) as opened:
        yield opened


@pytest.fixture
def file(tmp_path):
    return tmp_path / "identity_model.json"


def add_record(warehouse, record_id, **values):
    row = {"record_id": record_id, "entity_type": "person", "is_given_name_full": True, **values}
    names, places = ", ".join(row), ", ".join("?" for _ in row)
    warehouse.query(
        f"insert into int_identity__records ({names}) values ({places})", list(row.values())
    )


def add_persons(warehouse, count=PERSONS):
    """Add two records of each person, the same but for the street."""
    draw = random.Random(5)
    for number in range(count):
        person = {
            "given_name_key": "".join(draw.choices("abdegilmnorst", k=6)),
            "family_name_key": "".join(draw.choices("abdegilmnorst", k=8)),
            "postal_key": f"{draw.randrange(100_000):05}",
            "birth_date": date(1940 + draw.randrange(60), 5, 1 + draw.randrange(28)),
        }
        add_record(warehouse, f"crm:{number:03}", **person, street_key="high street 1")
        add_record(warehouse, f"pos:{number:03}", **person)


def links(warehouse):
    return warehouse.query(
        "select left_record_id, right_record_id from fitted_identity_links order by all"
    )


def count(warehouse, table):
    return warehouse.query(f"select count(*) from {table}")[0][0]


def test_links_are_appended_once(warehouse, file):
    add_persons(warehouse)
    first = learn_links(warehouse, RELATIONS, file)
    assert first.run.is_accepted, first.run.refusal_reason
    assert (first.run.is_new, first.is_trained) == (True, True)
    assert first.run.run_id.startswith("2024-01-01-")
    assert (first.record_count, first.link_count) == (2 * PERSONS, PERSONS)
    assert links(warehouse) == [(f"crm:{n:03}", f"pos:{n:03}") for n in range(PERSONS)]
    run = warehouse.records("select * from fitted_runs")[0]
    assert (run["topic"], run["model"], run["run_number"]) == ("identity", "splink", 1)
    assert (run["customer_count"], run["repeat_customer_count"]) == (2 * PERSONS, PERSONS)
    # The second time the model is there: the same data and the same model are the same run.
    frozen = file.read_bytes()
    again = learn_links(warehouse, RELATIONS, file)
    assert (again.run.run_id, again.run.is_new) == (first.run.run_id, False)
    assert (again.record_count, again.link_count) == (first.record_count, first.link_count)
    assert (count(warehouse, "fitted_runs"), count(warehouse, "fitted_identity_links")) == (
        1,
        PERSONS,
    )
    assert file.read_bytes() == frozen


def test_more_records_are_linked_with_the_frozen_model(warehouse, file):
    add_persons(warehouse)
    first = learn_links(warehouse, RELATIONS, file)
    frozen = file.read_bytes()
    ann = {"given_name_key": "ann", "family_name_key": "lee", "tax_id": "12345678"}
    add_record(warehouse, "crm:ann", **ann)
    add_record(warehouse, "pos:ann", **ann)
    second = learn_links(warehouse, RELATIONS, file)
    assert (second.run.is_new, second.is_trained) == (True, False)
    assert second.link_count == first.link_count + 1
    assert file.read_bytes() == frozen
    scores = "select * exclude (run_id) from fitted_identity_links where run_id = ? order by all"
    before = warehouse.query(scores, [first.run.run_id])
    assert set(before) < set(warehouse.query(scores, [second.run.run_id]))


def test_the_model_is_trained_anew_on_request(warehouse, file):
    add_persons(warehouse)
    first = learn_links(warehouse, RELATIONS, file)
    trained = file.read_bytes()
    file.write_text(file.read_text().replace('"record_count": 120', '"record_count": 119'))
    other = learn_links(warehouse, RELATIONS, file)
    assert other.run.run_id != first.run.run_id
    again = learn_links(warehouse, RELATIONS, file, retrain=True)
    assert (again.is_trained, again.run.run_id) == (True, first.run.run_id)
    assert file.read_bytes() == trained
    assert count(warehouse, "fitted_identity_links") == 2 * PERSONS


def test_row_order_does_not_change_the_run_id(warehouse, file):
    add_persons(warehouse)
    first = learn_links(warehouse, RELATIONS, file)
    warehouse.query(
        "create or replace table int_identity__records as "
        "select * from int_identity__records order by family_name_key"
    )
    assert learn_links(warehouse, RELATIONS, file).run.run_id == first.run.run_id


def test_suppressed_identifiers_and_companies_link_nobody(warehouse, file):
    add_persons(warehouse)
    learn_links(warehouse, RELATIONS, file)
    shared = {"phone": "+441", "other_phone": "+442", "email": "info@x.com", "loyalty_id": "0000"}
    add_record(warehouse, "a", given_name_key="tom", family_name_key="ray", **shared)
    add_record(warehouse, "b", **shared)
    add_record(warehouse, "c", entity_type="company", tax_id="555")
    add_record(warehouse, "d", entity_type="company", tax_id="555")
    assert learn_links(warehouse, RELATIONS, file).link_count == PERSONS + 1
    for kind, value in (
        ("phone", "+441"),
        ("phone", "+442"),
        ("email", "info@x.com"),
        ("loyalty_id", "0000"),
    ):
        warehouse.query(
            "insert into int_identity__suppressed (identifier_type, identifier_value) "
            "values (?, ?)",
            [kind, value],
        )
    assert learn_links(warehouse, RELATIONS, file).link_count == PERSONS


def test_nothing_to_link(warehouse, file):
    assert learn_links(warehouse, RELATIONS, file) is None
    add_record(warehouse, "a", email="a@x.com")
    warehouse.query("delete from int_time__as_of_dates")
    assert learn_links(warehouse, RELATIONS, file) is None
    assert count(warehouse, "fitted_runs") == 0
    assert not file.exists()


def test_a_refusal_is_recorded_once_with_its_reason(warehouse, file):
    add_persons(warehouse, 3)
    refused = learn_links(warehouse, RELATIONS, file)
    assert not refused.run.is_accepted
    assert "learning needs 20" in refused.run.refusal_reason
    run = warehouse.records("select * from fitted_runs")[0]
    assert (run["is_accepted"], run["repeat_customer_count"]) == (False, None)
    assert run["refusal_reason"] == refused.run.refusal_reason
    assert not file.exists()
    again = learn_links(warehouse, RELATIONS, file)
    assert (again.run.run_id, again.run.is_new) == (refused.run.run_id, False)
    assert count(warehouse, "fitted_runs") == 1


def test_a_crash_while_appending_leaves_no_run(warehouse, file, monkeypatch):
    add_persons(warehouse)

    def crash(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(linking, "add_run", crash)
        with pytest.raises(RuntimeError):
            learn_links(warehouse, RELATIONS, file)
    assert count(warehouse, "fitted_runs") == 0
    assert count(warehouse, "fitted_identity_links") == 0
    assert learn_links(warehouse, RELATIONS, file).link_count == PERSONS


def test_leftovers_of_a_crash_are_overwritten(warehouse, file):
    add_persons(warehouse)
    run = learn_links(warehouse, RELATIONS, file).run
    warehouse.query("delete from fitted_runs")
    warehouse.query("delete from fitted_identity_links where left_record_id < 'crm:030'")
    again = learn_links(warehouse, RELATIONS, file)
    assert again.run.run_id == run.run_id
    assert count(warehouse, "fitted_identity_links") == PERSONS


def test_other_topics_do_not_make_a_run_old(warehouse, file):
    add_persons(warehouse)
    learn_links(warehouse, RELATIONS, file)
    warehouse.query(
        "insert into fitted_runs select * replace (2 as run_number, 'ltv' as topic, 'x' as run_id) "
        "from fitted_runs"
    )
    learn_links(warehouse, RELATIONS, file)
    assert count(warehouse, "fitted_runs") == 2


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1, "comparisons": "of another"}'])
def test_a_model_file_that_cannot_be_used_is_named(warehouse, file, text):
    add_persons(warehouse)
    file.write_text(text)
    with pytest.raises(BadInput, match="cannot be used") as error:
        learn_links(warehouse, RELATIONS, file)
    assert error.value.where == str(file)
    assert "move the file away" in error.value.hint
    assert file.read_text() == text


def test_a_model_file_that_cannot_be_written_is_named(warehouse, tmp_path):
    add_persons(warehouse)
    with pytest.raises(BadInput, match="cannot be written") as error:
        learn_links(warehouse, RELATIONS, tmp_path / "nowhere" / "model.json")
    assert "rfm_identity_model_file" in error.value.hint
    assert count(warehouse, "fitted_runs") == 0


def test_rows_that_travel_are_counted(warehouse, file):
    add_persons(warehouse)
    run = learn_links(warehouse, RELATIONS, file).run
    # The records, the as-of date and the number of the last run; the links and the run.
    assert (run.rows_read, run.rows_written) == (2 * PERSONS + 2, PERSONS + 1)


@pytest.mark.parametrize(
    ("choice", "is_installed", "wanted"),
    [
        ("auto", True, True),
        ("auto", False, False),
        ("off", True, False),
        (False, True, False),
        ("on", True, True),
        (True, True, True),
    ],
)
def test_whether_links_are_wanted(monkeypatch, choice, is_installed, wanted):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object() if is_installed else None)
    assert wants_links({"rfm_identity_learn": choice}) is wanted


def test_links_that_are_asked_for_need_splink(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(BadInput, match="not installed") as error:
        wants_links({"rfm_identity_learn": True})
    assert "pip install 'rfm[identity]'" in error.value.hint


def test_an_unknown_choice_is_named():
    with pytest.raises(BadInput, match='"maybe" cannot be used'):
        wants_links({"rfm_identity_learn": "maybe"})


def test_the_least_probability_is_one():
    assert keep_probability({}) == 0.5
    assert keep_probability({"rfm_identity_keep_probability": "0.8"}) == 0.8
    for value in (0, 1, "much", None):
        with pytest.raises(BadInput, match="cannot be used"):
            keep_probability({"rfm_identity_keep_probability": value})


def test_where_the_model_lies(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shipped, own = Path("/shipped"), tmp_path / "own"
    file = duckdb_target(tmp_path / "data" / "rfm.duckdb")
    server = Target("postgres", "postgres")
    assert model_path({}, own, shipped, file) == own / "identity_model.json"
    assert model_path({}, shipped, shipped, file) == tmp_path / "data" / "rfm_identity_model.json"
    assert model_path({}, shipped, shipped, server) == tmp_path / "identity_model.json"
    named = {"rfm_identity_model_file": "/models/m.json"}
    assert model_path(named, shipped, shipped, server) == Path("/models/m.json")
    assert model_path(named, shipped, shipped, file) == Path("/models/m.json")
