"""Planted loss makers, over-served customers and hollow big spenders: precision and recall.

    python -m benchmarks.profit_company [--customers N] [--seeds 1,2,3] [--keep FOLDER]

With --keep the companies stay in the folder, and the next run makes none.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from rfm_cli.dbt import Dbt
from rfm_cli.demo.company import load_company
from rfm_cli.demo.company.planted import find_planted
from rfm_cli.demo.company.settings import COMPANY_SETTINGS
from rfm_cli.warehouse.targets import duckdb_target

ROOT = Path(__file__).resolve().parents[1]
# What the marts of profit about customers are made of; records are linked by rules.
_MODELS = ("+customer_service_balance", "+customer_records")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well planted customers are found.")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--seeds", default="1,2,3", metavar="SEED,SEED")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the databases")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    print(
        "| customers | seed | kind | named | planted | precision | recall |\n"
        "| ---: | ---: | --- | ---: | ---: | ---: | ---: |"
    )
    with TemporaryDirectory() as place:
        folder = arguments.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in map(int, arguments.seeds.split(",")):
            database = folder / f"company_{arguments.customers}_{seed}.duckdb"
            load_company(database, arguments.customers, seed)
            dbt = Dbt(ROOT, duckdb_target(database), COMPANY_SETTINGS)
            dbt.parse()
            dbt.build(select=_MODELS)
            with duckdb.connect(database) as connection:
                found = find_planted(connection)
            for one in found:
                numbers = (
                    "-" if share is None else f"{share:.3f}"
                    for share in (one.precision, one.recall)
                )
                print(
                    f"| {arguments.customers:,} | {seed} | {one.kind} | {one.found_count:,} "
                    f"| {one.planted_count:,} | {' | '.join(numbers)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
