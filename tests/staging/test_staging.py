"""What staging makes of one good row and of each defect, on DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
import yaml
from raw_tables import PROJECT, column_types, filled, offered
from staging_cases import RAW, STAGED, as_text, differences

from rfm_cli.dbt import Dbt
from rfm_cli.warehouse.targets import duckdb_target


def build(
    database: Path, tables: list, models: Iterable[str] = STAGED, **settings: object
) -> dict[str, list[dict]]:
    """Load raw tables, build staging models with their tests and return the rows of each."""
    with duckdb.connect(database) as connection:
        for table, types, rows in tables:
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            connection.execute(f"create schema if not exists {table.partition('.')[0]}")
            connection.execute(f"create or replace table {table} ({columns})")
            if rows:
                places = ", ".join("?" for _ in types)
                connection.executemany(f"insert into {table} values ({places})", rows)
    dbt = Dbt(PROJECT, duckdb_target(database), {"rfm_sources": offered(), **settings})
    dbt.parse()
    dbt.build(select=[*models, "country_names", "path:models/fitted"])
    with duckdb.connect(database, read_only=True) as connection:
        staged = {}
        for model in models:
            answer = connection.execute(f"select * from main_staging.{model}")
            names = [column[0] for column in answer.description]
            staged[model] = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        return staged


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    return build(tmp_path_factory.mktemp("staged") / "raw.duckdb", filled(RAW))


def test_every_model_has_cases():
    models = {f"stg_{source}__{entity}" for source, names in offered().items() for entity in names}
    assert models == STAGED.keys()


@pytest.mark.parametrize("model", STAGED)
def test_rows_and_reasons(staged, model):
    assert differences(model, staged[model]) == []


@pytest.mark.parametrize("model", STAGED)
def test_columns_are_those_of_the_entity(staged, model):
    """docs/sources.md says which columns an entity has, and in which order."""
    entity = model.split("__")[1]
    (line,) = [
        line
        for line in (PROJECT / "docs" / "sources.md").read_text().splitlines()
        if line.startswith(f"| {entity} |") and "quarantine_reason" in line
    ]
    text = re.sub(r" \([^)]*\)", "", line.split("|")[2])
    assert list(staged[model][0]) == [name.strip() for name in text.split(",")]


def test_texts_are_read_like_typed_columns(tmp_path):
    """A system's export that turned every column into text says the same."""
    tables = [
        (table, dict.fromkeys(types, "text"), [[as_text(value) for value in row] for row in rows])
        for table, types, rows in filled(RAW)
    ]
    staged = build(tmp_path / "raw.duckdb", tables)
    assert [line for model, rows in staged.items() for line in differences(model, rows)] == []


def test_rates_of_the_books_are_none_in_another_currency(tmp_path):
    """What a dollar is worth in euros must not be taken for pounds."""
    model = "stg_finance__exchange_rates"
    staged = build(tmp_path / "raw.duckdb", filled(RAW), [model], rfm_currency="GBP")
    usable, negative = sorted(staged[model], key=lambda row: row["rate_date"])
    assert usable["quarantine_reason"] == "currency_differs"
    assert negative["quarantine_reason"] == "amount_negative"


def test_sources_are_described_as_documented():
    """The columns and types in the yml files of the sources are those of docs/demo-company.md."""
    described = {}
    for path in (PROJECT / "models" / "staging").glob("*/_*__sources.yml"):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"]:
                described[f"{source['schema']}.{table['name']}"] = {
                    column["name"]: column["data_type"] for column in table.get("columns", [])
                }
    for table, types in column_types().items():
        assert described[table] == {
            name: kind.replace("double precision", "double") for name, kind in types.items()
        }
