"""Rules alone, Splink alone and both on made companies, against their truth; prints the table.

    python -m benchmarks.identity_company [--customers N] [--seeds 1,2,3] [--keep FOLDER]

With --keep the companies stay in the folder, and the next run makes none.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.identity_methods import build_links, compare
from rfm_cli.dbt import Dbt
from rfm_cli.demo.company import load_company
from rfm_cli.demo.company.settings import COMPANY_SETTINGS
from rfm_cli.warehouse.targets import duckdb_target

ROOT = Path(__file__).resolve().parents[1]
# Records that two people share have no right answer and are left out, and so are companies.
RECORDS = """
select truth_records.source_name || ':' || source_record_id as record_id, min(person_id)
from truth.truth_records
inner join truth.truth_people using (person_id)
where truth_people.entity_type = 'person'
group by record_id
having count(*) = 1
"""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well customers are brought together.")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--seeds", default="1,2,3", metavar="SEED,SEED")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the databases")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    print(
        "| customers | seed | method | precision | recall | F1 | persons exact | largest |\n"
        "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    )
    with TemporaryDirectory() as place:
        folder = arguments.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in map(int, arguments.seeds.split(",")):
            database = folder / f"company_{arguments.customers}_{seed}.duckdb"
            load_company(database, arguments.customers, seed)
            dbt = Dbt(ROOT, duckdb_target(database), COMPANY_SETTINGS)
            dbt.parse()
            build_links(database, dbt)
            with duckdb.connect(database, read_only=True) as connection:
                truth = dict(connection.execute(RECORDS).fetchall())
            for method, got in compare(database, dbt, truth):
                print(
                    f"| {arguments.customers:,} | {seed} | {method} | {got.precision:.4f} "
                    f"| {got.recall:.4f} | {got.f1:.4f} "
                    f"| {got.exact_count:,} of {got.person_count:,} | {got.largest} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
