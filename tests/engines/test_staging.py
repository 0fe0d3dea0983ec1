"""The systems are staged alike everywhere: the same raw rows give the same rows and reasons."""

from __future__ import annotations

import pytest
from raw_tables import filled, offered
from staging_cases import RAW, STAGED, as_text, differences

pytestmark = pytest.mark.long_on_spark


def staged(engine, tables) -> list[str]:
    """Load raw tables, build staging with its tests and say how its rows differ from the wanted."""
    for table, types, rows in tables:
        engine.load(rows, types, table)
    done = engine.build(
        "--select", "staging", "country_names", "path:models/fitted",
        rfm_sources=offered(), rfm_table_name="",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    found = []
    with engine.open() as warehouse:
        for model in STAGED:
            relation = warehouse.find_relation(model)
            found += differences(model, warehouse.records(f"select * from {relation}"))
    return found


@pytest.fixture(scope="module")
def here(every_engine, tmp_path_factory):
    return every_engine.within("staged", tmp_path_factory.mktemp("staged"))


def test_rows_and_reasons(here):
    assert staged(here, filled(RAW)) == []


def test_texts_are_read_like_typed_columns(here):
    tables = [
        (table, dict.fromkeys(types, "text"), [[as_text(value) for value in row] for row in rows])
        for table, types, rows in filled(RAW)
    ]
    assert staged(here, tables) == []
