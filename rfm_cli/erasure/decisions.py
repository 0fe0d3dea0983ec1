"""The decisions about records that people keep in a seed of the project: theirs to remove."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

SEED = Path("seeds") / "identity_decisions.csv"


def decisions_naming(project_dir: Path, record_ids: Collection[str]) -> list[int]:
    """Return the line numbers of the rows of the seed that name one of the records."""
    seed = project_dir / SEED
    if not seed.is_file():
        return []
    with seed.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [
            reader.line_num
            for row in reader
            if {row.get("left_record_id"), row.get("right_record_id")} & set(record_ids)
        ]
