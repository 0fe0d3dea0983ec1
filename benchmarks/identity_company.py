"""Rules alone, Splink alone and both on made companies, against their truth; prints the table.

    python -m benchmarks.identity_company [--customers N] [--seeds 1,2,3] [--keep FOLDER]

Each company is loaded once, its identity models are built as far as the links, and the links are
learned. Then the clusters are settled three times by the project itself: with the learned links
left out (rfm_identity_learn: off), with the links of the rules left out, and with both. With --keep
the databases stay in the folder, and the next run loads nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.identity_pairs import Score, score_clusters
from rfm_cli.dbt import Dbt
from rfm_cli.demo.company import load_company
from rfm_cli.demo.company.settings import COMPANY_SETTINGS
from rfm_cli.learn_links import learn_links
from rfm_cli.warehouse import open_warehouse
from rfm_cli.warehouse.targets import duckdb_target

ROOT = Path(__file__).resolve().parents[1]
# What links are made of, and what is made of links.
LINK_INPUTS = ("+int_identity__rule_links", "+int_identity__decisions", "path:models/fitted")
CLUSTER_MODELS = (
    "int_identity__links",
    "int_identity__components",
    "int_identity__cannot_links",
    "int_identity__clusters",
)
# The table that a method leaves empty.
METHODS = {
    "rules": "fitted_identity_links",
    "Splink": "int_identity__rule_links",
    "both": None,
}
# Records that two people share have no right answer and are left out, and so are companies.
RECORDS = """
select truth_records.source_name || ':' || source_record_id as record_id, min(person_id)
from truth.truth_records
inner join truth.truth_people using (person_id)
where truth_people.entity_type = 'person'
group by record_id
having count(*) = 1
"""


def build(database: Path, customers: int, seed: int) -> Dbt:
    """Make the company unless it is there, and its links anew."""
    load_company(database, customers, seed)
    target = duckdb_target(database)
    dbt = Dbt(ROOT, target, COMPANY_SETTINGS)
    dbt.parse()
    _forget_results(database, dbt)
    dbt.build(select=LINK_INPUTS)
    with TemporaryDirectory() as folder, open_warehouse(target, read_only=False) as warehouse:
        learn_links(warehouse, dbt.relations(), Path(folder) / "model.json")
    return dbt


def _forget_results(database: Path, dbt: Dbt) -> None:
    """Drop what runs of learning only add to: a kept database is measured as a new one."""
    relations = dbt.relations()
    with duckdb.connect(database) as connection:
        for name in ("fitted_identity_links", "fitted_runs"):
            connection.execute(f"drop table if exists {relations[name]}")


def compare(database: Path, dbt: Dbt) -> Iterator[tuple[str, Score]]:
    """Score what the project makes of the links of each method."""
    relations = dbt.relations()
    for method, left_out in METHODS.items():
        with _emptied(database, relations[left_out] if left_out else None):
            dbt.build(select=CLUSTER_MODELS)
        with duckdb.connect(database, read_only=True) as connection:
            clusters = dict(
                connection.execute(
                    f"select record_id, cluster_id from {relations['int_identity__clusters']}"
                ).fetchall()
            )
            truth = {
                record: person
                for record, person in connection.execute(RECORDS).fetchall()
                if record in clusters
            }
        yield method, score_clusters(clusters, truth)


@contextmanager
def _emptied(database: Path, relation: str | None) -> Iterator[None]:
    if relation is None:
        yield
        return
    with duckdb.connect(database) as connection:
        connection.execute(f"create or replace table kept_aside as select * from {relation}")
        connection.execute(f"delete from {relation}")
    yield
    with duckdb.connect(database) as connection:
        connection.execute(f"insert into {relation} select * from kept_aside")
        connection.execute("drop table kept_aside")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well customers are brought together.")
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--seeds", default="1,2,3", metavar="SEED,SEED")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the databases")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    print(
        "| customers | seed | method | precision | recall | F1 | persons exact | largest cluster |\n"
        "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    )
    with TemporaryDirectory() as place:
        folder = arguments.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        for seed in map(int, arguments.seeds.split(",")):
            database = folder / f"company_{arguments.customers}_{seed}.duckdb"
            dbt = build(database, arguments.customers, seed)
            for method, got in compare(database, dbt):
                print(
                    f"| {arguments.customers:,} | {seed} | {method} | {got.precision:.4f} "
                    f"| {got.recall:.4f} | {got.f1:.4f} "
                    f"| {got.exact_count:,} of {got.person_count:,} | {got.largest} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
