"""The demo company in any size: what making it costs, and bringing its nine systems together.

    python -m benchmarks.company_scale [--customers 1e6] [--make-only] [--keep FOLDER]

With --keep the company stays in the folder, and the next run makes none.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measure import Outcome, run_measured

_MAKE = """
import sys
from pathlib import Path
from rfm_cli.demo.company import load_company
load_company(Path(sys.argv[1]), int(sys.argv[2]), 1)
"""
_HOURS = 3


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the demo company by size.")
    parser.add_argument("--customers", type=float, default=1e6)
    parser.add_argument("--make-only", action="store_true", help="make the company and stop")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the database")
    return parser.parse_args()


def told(what: str, outcome: Outcome, log: Path) -> str:
    """Return a row of the table; a failure ends the benchmark."""
    if outcome.failure:
        raise SystemExit(f"{what}: {outcome.failure}; see {log}")
    cost = outcome.cost
    return (
        f"| {what} | {cost.wall_seconds:,.1f} | {cost.cpu_seconds:,.1f} "
        f"| {cost.peak_mib / 1024:.2f} |"
    )


def count_rows(database: Path) -> int:
    """Count the rows of all raw tables."""
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema like 'raw_%'"
        ).fetchall()
        return sum(
            connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            for (table,) in tables
        )


def main() -> None:
    arguments = parse()
    customers = int(arguments.customers)
    with TemporaryDirectory() as place:
        folder = arguments.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        database = folder / f"company_{customers}.duckdb"
        log = folder / "company_scale.log"
        limit = _HOURS * 3600
        print("| work | seconds | CPU seconds | peak GiB |\n| --- | ---: | ---: | ---: |")
        if not database.exists():
            made = run_measured(
                [sys.executable, "-c", _MAKE, database, str(customers)], log, timeout_seconds=limit
            )
            print(told("make", made, log), flush=True)
        if not arguments.make_only:
            rfm = Path(sys.executable).with_name("rfm")
            options = ["--data", "company", "--customers", str(customers), "--database", database]
            run = run_measured([rfm, "demo", *options, "--json"], log, timeout_seconds=limit)
            print(told("run", run, log), flush=True)
        size = database.stat().st_size / 1024**3
        print(
            f"\n{customers:,} customers, {count_rows(database):,} raw rows, {size:.1f} GiB on disk"
        )


if __name__ == "__main__":
    main()
