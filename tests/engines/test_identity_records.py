"""The same raw records give the same records and the same links on every engine."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from engines import SERVERS
from identity_project import (
    COLUMNS,
    add_source,
    copy_project,
    raw_tables,
    values_of,
)
from test_rule_links import ACCOUNTS, CUSTOMERS

# What languages and encodings could read differently.
STRANGE = [
    {"source_record_id": "ż", "full_name": "Żółć, Łukasz", "street": "ul. Główna 12/3"},
    {"source_record_id": "Z", "full_name": "ŻÓŁĆ, LUKASZ", "email": "ŁUKASZ@X.PL"},
    {"source_record_id": "apostrophe", "first_name": "D'Arcy", "last_name": "O\u2019Brien-Smith"},
    {"source_record_id": "quotes", "first_name": "A/B+C", "last_name": '"Quote"'},
    {"source_record_id": "cyrillic", "first_name": "Фёдор", "last_name": "ДОСТОЕВСКИЙ"},
    {"source_record_id": "greek", "first_name": "Ελένη", "last_name": "ΠΑΠΆΣ"},
    {"source_record_id": "marks", "first_name": "Zoe\u0308", "last_name": "Nun\u0303ez"},
    {"source_record_id": "sharp", "first_name": "Jörg", "last_name": "Groß", "postal_code": "1067",
     "country_code": "de", "street": "Bahnhofstr.7b", "phone": "030/901820"},
    {"source_record_id": "again", "last_name": "a", "birth_date": "1950-03-04"},
    {"source_record_id": "again", "last_name": "A", "birth_date": "1950-04-03"},
    {"source_record_id": "reused", "first_name": "Ann"},
    {"source_record_id": "reused", "first_name": "Tom"},
    {"source_record_id": "zip", "postal_code": "12345-6789", "tax_id": "00-00-000", "city": " "},
]  # fmt: skip
MODELS = ("records", "rejected_records", "identifiers", "suppressed", "rule_links")


def rows_of(engine, folder) -> dict[str, list[tuple]]:
    """Build the identity models on an engine and read them, in the order of Python's texts."""
    tables = raw_tables({**CUSTOMERS, "strange": STRANGE}, ACCOUNTS)
    project = copy_project(folder)
    for source, entities in tables.items():
        add_source(project, source, entities)
        for entity, rows in entities.items():
            engine.load(values_of(entity, rows), COLUMNS[entity], f"raw.{source}_{entity}")
    sources = {source: sorted(entities) for source, entities in tables.items()}
    done = engine.build(
        "--select", "+int_identity__rule_links", "+int_identity__rejected_records",
        "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test",
        project=project, rfm_sources=sources,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    schema = engine.target.schema
    return {
        model: sorted(
            (
                tuple(map(_plain, row))
                for row in engine.rows(f"select * from {schema}_intermediate.int_identity__{model}")
            ),
            key=repr,
        )
        for model in MODELS
    }


def _plain(value: object) -> object:
    """Engines give dates and times in types of their own."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


@pytest.fixture(scope="module")
def wanted(engine_of, tmp_path_factory) -> dict[str, list[tuple]]:
    folder = tmp_path_factory.mktemp("identity_duckdb")
    return rows_of(engine_of("duckdb").within("main", folder), folder)


@pytest.mark.long_on_spark
@pytest.mark.parametrize("name", SERVERS)
def test_records_and_links_are_those_of_duckdb(wanted, engine_of, name, tmp_path):
    found = rows_of(engine_of(name).within("identity", tmp_path), tmp_path)
    for model, rows in wanted.items():
        assert rows, model
        assert found[model] == rows, model
