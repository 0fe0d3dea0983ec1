"""The raw tables of docs/demo-company.md, which is where their columns and types are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[2]

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def column_types() -> dict[str, dict[str, str]]:
    """Read each raw table's columns and their types; tables are named raw_<source>.<table>."""
    types: dict[str, dict[str, str]] = {}
    schema = None
    for line in (PROJECT / "docs" / "demo-company.md").read_text().splitlines():
        if line.startswith("#"):
            heading = re.match(r"### (raw_\w+)", line)
            schema = heading and heading.group(1)
        row = re.match(r"\| (\w+) \| (.+) \|$", line)
        if schema and row and row.group(1) != "table":
            # A comma within brackets parts the words of a remark, or the digits of a decimal.
            columns = re.split(r", (?![^(]*\))", row.group(2))
            found = [re.match(r"(\w+) ([a-z]+(\(\d+,\d+\))?)", column) for column in columns]
            assert all(found), line
            types[f"{schema}.{row.group(1)}"] = {
                column.group(1): column.group(2).replace("double", "double precision")
                for column in found
                if column
            }
    return types


def offered() -> dict[str, list[str]]:
    """Read which entity each source offers from its staging models."""
    entities: dict[str, list[str]] = {}
    for path in sorted((PROJECT / "models" / "staging").glob("*/stg_*.sql")):
        source, entity = path.stem.removeprefix("stg_").split("__")
        if source not in ("file", "table"):
            entities.setdefault(source, []).append(entity)
    return entities


def filled(rows: Rows) -> list[tuple[str, dict[str, str], list]]:
    """Give every raw table with its types and rows; columns that a row does not name are null.

    Args:
        rows: by table, what its rows hold.
    """
    tables = []
    for table, types in column_types().items():
        given = rows.get(table, [])
        unknown = {name for row in given for name in row} - types.keys()
        assert not unknown, (table, unknown)
        tables.append((table, types, [[row.get(name) for name in types] for row in given]))
    assert rows.keys() <= {table for table, _, _ in tables}
    return tables
