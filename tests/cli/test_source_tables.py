"""What registered sources need is looked for before a round, and named when it is not there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rfm_cli.errors import BadInput
from rfm_cli.source_tables import check_source_tables, needed_tables
from rfm_cli.warehouse.targets import duckdb_target

YML = """\
version: 2
sources:
  - name: crm
    schema: "{{ var('crm_schema', 'raw_crm') }}"
    tables:
      - name: people
        columns:
          - name: person_id
            meta: {required: true}
          - name: email_address
            config: {meta: {required: true}}
          - name: fax
      - name: consents
        identifier: consent_log
        columns:
          - name: status
            meta: {required: true}
"""
SETTINGS = {"rfm_sources": {"crm": ["customers"], "file": ["orders"]}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "staging" / "crm"
    folder.mkdir(parents=True)
    (folder / "_crm__sources.yml").write_text(YML)
    (folder / "stg_crm__customers.sql").write_text("select * from {{ ref('stg_crm__trimmed') }}")
    (folder / "stg_crm__trimmed.sql").write_text('select * from {{ source("crm", "people") }}')
    (folder / "stg_crm__consents.sql").write_text("from {{ source('crm', 'consents') }}")
    return tmp_path


@pytest.fixture
def check(project, tmp_path):
    database = tmp_path / "rfm.duckdb"

    def run(statements: str, settings: dict | None = None) -> None:
        with duckdb.connect(database) as connection:
            connection.execute(f"create schema if not exists raw_crm; {statements}")
        check_source_tables(project, duckdb_target(database), settings or SETTINGS)

    return run


GOOD = "create table raw_crm.people as select 1 as person_id, 'a' as Email_Address"


def test_what_is_all_there_passes(check):
    check(GOOD)


def test_orders_of_settings_need_no_database(project, tmp_path):
    settings = {"rfm_sources": {"file": ["orders"], "table": ["orders"]}}
    check_source_tables(project, duckdb_target(tmp_path / "none.duckdb"), settings)


def test_tables_of_entities_that_are_not_registered_are_not_needed(project):
    tables = needed_tables(project, "crm", ["customers"], SETTINGS)
    assert [table.full_name for table in tables] == ["raw_crm.people"]
    tables = needed_tables(project, "crm", ["customers", "consents"], SETTINGS)
    assert [table.full_name for table in tables] == ["raw_crm.people", "raw_crm.consent_log"]


def test_the_schema_may_be_a_setting(project):
    tables = needed_tables(project, "crm", ["customers"], {**SETTINGS, "crm_schema": "elsewhere"})
    assert tables[0].full_name == "elsewhere.people"


def test_a_missing_table_is_named_with_the_closest_one(check):
    with pytest.raises(BadInput) as raised:
        check("create table raw_crm.peoples (person_id integer)")
    assert raised.value.problem == (
        "the source crm has no table raw_crm.people; the closest is peoples"
    )
    assert "rfm_sources" in raised.value.hint


def test_a_table_in_another_schema_and_a_schema_without_tables_are_said(check):
    with pytest.raises(BadInput, match="there is no schema raw_crm with tables"):
        check("select 1")
    with pytest.raises(BadInput, match=r"the closest is main\.people"):
        check("create table people (person_id integer)")


def test_a_missing_column_is_named_with_the_closest_one(check):
    with pytest.raises(BadInput) as raised:
        check("create table raw_crm.people as select 1 as person_id, 'a' as email_adress")
    assert raised.value.problem == (
        "the table raw_crm.people of the source crm has no column email_address; "
        "the closest is email_adress"
    )
    assert "_crm__sources.yml" in raised.value.hint


def test_an_empty_source_is_an_error(check):
    with pytest.raises(BadInput, match="the source crm is empty"):
        check(f"{GOOD} where 1 = 0")


def test_one_empty_table_of_several_is_none(check):
    check(
        f"{GOOD}; create table raw_crm.consent_log (status varchar)",
        {"rfm_sources": {"crm": ["customers", "consents"]}},
    )


def test_an_entity_without_a_model_is_named(project):
    with pytest.raises(BadInput) as raised:
        needed_tables(project, "crm", ["customer"], SETTINGS)
    assert "stg_crm__customers" in raised.value.problem


def test_a_setting_that_is_no_mapping_is_named(check):
    with pytest.raises(BadInput, match="rfm_sources is no list of sources"):
        check(GOOD, {"rfm_sources": {"crm": "customers"}})


def test_a_file_that_is_read_in_place_of_a_table(check, project, tmp_path):
    path = project / "models/staging/crm/_crm__sources.yml"
    reading = f"read_csv('{tmp_path / 'people.csv'}', all_varchar = true)"
    location = f'config: {{meta: {{external_location: "{reading}"}}}}'
    path.write_text(
        YML.replace("      - name: people\n", f"      - name: people\n        {location}\n")
    )
    with pytest.raises(BadInput, match="the file of people"):
        check("select 1")
    (tmp_path / "people.csv").write_text("person_id,email_address\n1,a\n")
    check("select 1")
