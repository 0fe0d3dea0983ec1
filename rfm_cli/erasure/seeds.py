"""The seeds of the project in which people name customers and records: theirs to remove."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

NAMING_COLUMNS = {
    Path("seeds") / "identity_decisions.csv": ("left_record_id", "right_record_id"),
    Path("seeds") / "customer_exclusions.csv": ("customer_or_record_id",),
}


def lines_naming(project_dir: Path, ids: Collection[str]) -> dict[str, list[int]]:
    """Return the line numbers of the rows that name one of the customers or records, by seed.

    Args:
        project_dir: the folder of the dbt project.
        ids: ids of customers and keys of records.
    """
    found = {str(seed): _lines(project_dir / seed, set(ids)) for seed in NAMING_COLUMNS}
    return {seed: lines for seed, lines in found.items() if lines}


def _lines(seed: Path, ids: set[str]) -> list[int]:
    if not seed.is_file():
        return []
    columns = NAMING_COLUMNS[Path(*seed.parts[-2:])]
    with seed.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [
            reader.line_num
            for row in reader
            if ids & {(row.get(column) or "").strip() for column in columns}
        ]
