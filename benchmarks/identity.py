"""The whole of who is who at one size: records in, customer ids and golden record out; a table.

    python -m benchmarks.identity [RECORDS]      # 1e6

Records of people in households as `identity_records` makes them, offered by six systems. Each stage
is timed in wall and CPU seconds (user and system, all threads; the machine may be shared). What dbt
itself takes is a row of its own. After the run, and apart from its time and memory, links are
predicted once more with the model that it froze.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.identity_records import make_records
from rfm_cli.dbt import Dbt
from rfm_cli.learn_links import learn_links
from rfm_cli.warehouse import open_warehouse
from rfm_cli.warehouse.targets import duckdb_target

os.environ["DBT_WRITE_JSON"] = "true"  # the seconds of each model are read from there
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("identity", "integration")]

from identity_project import COLUMNS, FIRST_ORDER, add_source, copy_project  # noqa: E402

SOURCES = [f"s{number}" for number in range(6)]
BEFORE_LEARNING = ("+int_identity__rule_links", "+int_identity__decisions", "path:models/fitted")
AFTER_LEARNING = ("+path:models/marts/identity",)
# The models that a row of the table adds up; all others are in the row `other models`.
STAGES = {
    "records": ("record_rows", "repeated_rows", "erased_records", "rejected_records"),
    "identifiers": ("identifiers", "suppressed"),
    "rule links": ("rule_links",),
    "links": ("links",),
    "components": ("components",),
    "clusters": ("cannot_links", "clusters"),
    "ids": ("id_claims", "cluster_ids", "assignments", "customer_ids", "id_moves"),
    "golden record": ("best_records", "best_values"),
}
OFFERED = """
select
    split_part(record_id, ':', 2) as source_record_id,
    given_name_key as first_name,
    family_name_key as last_name,
    postal_key as postal_code,
    street_key as street,
    birth_date,
    email,
    phone,
    'GB' as country_code,
    timestamp '2024-01-01' as created_at,
    timestamp '2024-01-01' as updated_at
from made
where split_part(record_id, ':', 1) = ?
"""


@dataclass
class Clock:
    """Wall and CPU seconds of what was measured."""

    seconds: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def measures(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        wall, work = time.monotonic(), _work()
        yield
        self.seconds[name] = (time.monotonic() - wall, _work() - work)


def _work() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def offer(database: Path, count: int) -> int:
    """Load the raw tables of each system; returns how many records there are."""
    made = make_records(count)
    with duckdb.connect(database) as connection:
        connection.register("made", made)
        connection.execute("create schema raw")
        for source in SOURCES:
            for entity in ("customers", "orders"):
                types = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[entity].items())
                connection.execute(f"create table raw.{source}_{entity} ({types})")
            connection.execute(f"insert into raw.{source}_customers by name {OFFERED}", [source])
        names, values = ", ".join(FIRST_ORDER), list(FIRST_ORDER.values())
        places = ", ".join("?" for _ in values)
        connection.execute(f"insert into raw.s0_orders ({names}) values ({places})", values)
    return made.num_rows


def model_seconds(dbt: Dbt) -> dict[str, float]:
    """Return the wall seconds of each stage of the build that was last, as dbt counts them."""
    results = json.loads((dbt.log_file.parents[1] / "target" / "run_results.json").read_text())
    stage_of = {
        f"int_identity__{model}": stage for stage, models in STAGES.items() for model in models
    }
    seconds: dict[str, float] = defaultdict(float)
    for result in results["results"]:
        _, _, name, *_ = result["unique_id"].split(".")
        kind = result["unique_id"].split(".")[0]
        stage = "tests" if kind == "test" else stage_of.get(name, "other models")
        seconds[stage] += float(result["execution_time"])
    return seconds


def learn(name: str, clock: Clock, dbt: Dbt, database: Path) -> None:
    """Learn links, with the model beside the database if it is there."""
    with (
        clock.measures(name),
        open_warehouse(duckdb_target(database), read_only=False) as warehouse,
    ):
        learn_links(warehouse, dbt.relations(), database.with_name("model.json"))


def main() -> None:
    wanted = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    clock = Clock()
    with TemporaryDirectory(prefix="rfm-identity-") as place:
        folder = Path(place)
        database = folder / "identity.duckdb"
        count = offer(database, wanted)
        project = copy_project(folder)
        for source in SOURCES:
            add_source(project, source, ["customers", "orders"])
        dbt = Dbt(
            project,
            duckdb_target(database),
            {"rfm_sources": {source: ["customers", "orders"] for source in SOURCES}},
        )
        dbt.parse()
        stages: dict[str, float] = defaultdict(float)
        with clock.measures("build before learning"):
            dbt.build(select=BEFORE_LEARNING)
        for stage, seconds in model_seconds(dbt).items():
            stages[stage] += seconds
        learn("learn: train and predict", clock, dbt, database)
        with clock.measures("build after learning"):
            dbt.build(select=AFTER_LEARNING, exclude=BEFORE_LEARNING)
        for stage, seconds in model_seconds(dbt).items():
            stages[stage] += seconds
        run_seconds = sum(wall for wall, _ in clock.seconds.values())
        print(f"{count:,} records in {run_seconds:.1f} s, at most {_peak_gib():.2f} GiB\n")
        with duckdb.connect(database) as connection:
            # The same data and model are one run, which is not done twice.
            for table in ("fitted_identity_links", "fitted_runs"):
                connection.execute(f"delete from {dbt.relations()[table]}")
        learn("instead of training: predict with the frozen model", clock, dbt, database)
    print("| part | wall s | CPU s |\n| --- | ---: | ---: |")
    for name, (wall, work) in clock.seconds.items():
        print(f"| {name} | {wall:.1f} | {work:.1f} |")
    print("\n| stage within the builds | wall s |\n| --- | ---: |")
    for stage in (*STAGES, "other models", "tests"):
        print(f"| {stage} | {stages[stage]:.1f} |")


if __name__ == "__main__":
    main()
