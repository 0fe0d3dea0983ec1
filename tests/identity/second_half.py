"""The identity models from the links on, over records and links that a test writes down itself.

The first half (normalised records, identifiers, rules) is replaced by the tables raw.records,
raw.suppressed, raw.rule_links and raw.learned_links, so that a test can say exactly what is linked,
and how well.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from building import PROJECT

DBT = Path(sys.executable).with_name("dbt")
TIMEOUT_SECONDS = 900
SOURCES = {"crm": ["customers"], "shop": ["customers", "orders"], "till": ["orders"]}
# The columns the second half reads, with types as PostgreSQL calls them.
TABLES: dict[str, dict[str, str]] = {
    "records": {
        "record_id": "text",
        "source_name": "text",
        "source_record_id": "text",
        "entity_type": "text",
        "full_name": "text",
        "company_name": "text",
        "first_name": "text",
        "last_name": "text",
        "email": "text",
        "phone": "text",
        "other_phone": "text",
        "street": "text",
        "postal_code": "text",
        "city": "text",
        "country_code": "text",
        "birth_date": "date",
        "birth_year": "integer",
        "tax_id": "text",
        "loyalty_id": "text",
        "source_priority": "integer",
        "updated_at": "timestamp",
        "given_name_key": "text",
        "given_name_word": "text",
        "is_given_name_listed": "boolean",
        "is_given_name_full": "boolean",
        "names_two_people": "boolean",
        "family_name_key": "text",
    },
    "suppressed": {"identifier_type": "text", "identifier_value": "text"},
    "rule_links": {
        "left_record_id": "text",
        "right_record_id": "text",
        "link_rule": "text",
        "evidence": "text",
        "strength": "double precision",
    },
    "learned_links": {
        "run_id": "text",
        "left_record_id": "text",
        "right_record_id": "text",
        "match_probability": "double precision",
        "match_weight": "double precision",
        "evidence": "text",
    },
    "runs": {
        "run_id": "text",
        "run_number": "integer",
        "topic": "text",
        "is_accepted": "boolean",
    },
    "as_of_dates": {"as_of_date": "date", "is_current": "boolean"},
}
# The models that are replaced, and the table each of them becomes.
REPLACED = {
    "intermediate/identity/int_identity__records": "records",
    "intermediate/identity/int_identity__suppressed": "suppressed",
    "intermediate/identity/int_identity__rule_links": "rule_links",
    "fitted/fitted_identity_links": "learned_links",
    "fitted/fitted_runs": "runs",
    "intermediate/time/int_time__as_of_dates": "as_of_dates",
}
KEPT = (
    "decisions",
    "links",
    "components",
    "cannot_links",
    "clusters",
    "id_claims",
    "cluster_ids",
    "assignments",
    "customer_ids",
    "id_moves",
    "best_records",
    "best_values",
)
AS_OF_DATE = "2026-01-01"


def copy_second_half(folder: Path) -> Path:
    """Copy the project with nothing in it but the second half and the tables it reads."""
    project = folder / "project"
    shutil.copytree(PROJECT / "macros", project / "macros")
    shutil.copytree(PROJECT / "tests" / "dbt" / "generic", project / "tests" / "dbt" / "generic")
    for part in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / part, project / part)
    (project / "seeds").mkdir()
    for seed in (
        "_identity_seeds.yml",
        "identity_decisions.csv",
        "source_register.csv",
        "survivorship_rules.csv",
    ):
        shutil.copy(PROJECT / "seeds" / seed, project / "seeds" / seed)
    models = project / "models"
    shutil.copytree(PROJECT / "models" / "marts" / "identity", models / "marts" / "identity")
    (models / "intermediate" / "identity").mkdir(parents=True)
    for name in KEPT:
        path = Path("intermediate") / "identity" / f"int_identity__{name}.sql"
        shutil.copy(PROJECT / "models" / path, models / path)
    yml = Path("intermediate") / "identity" / "_identity_clusters.yml"
    shutil.copy(PROJECT / "models" / yml, models / yml)
    for model, table in REPLACED.items():
        path = models / f"{model}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        heading = "{{ config(materialized='table', contract={'enforced': false}) }}\n"
        path.write_text(f"{heading}select {', '.join(TABLES[table])} from raw.{table}\n")
    # Ids wait until sources have been judged; there are none here.
    (models / "source_quality.sql").write_text("select 1 as judged_count\n")
    return project


def person(record_id: str, **more: Any) -> dict[str, Any]:
    """Return a row of raw.records; a first name is taken as it is."""
    source_name, _, source_record_id = record_id.partition(":")
    first_name = more.get("first_name")
    return {
        "record_id": record_id,
        "source_name": source_name,
        "source_record_id": source_record_id,
        "entity_type": "person",
        "given_name_key": first_name and first_name.lower(),
        "is_given_name_full": first_name and len(first_name) > 1,
        "family_name_key": more.get("last_name"),
        "source_priority": 10,
        **more,
    }


def rule_link(left: str, right: str, strength: float = 90) -> dict[str, Any]:
    """Return a row of raw.rule_links, its ends in the order of their bytes."""
    left, right = sorted((left, right), key=str.encode)
    return {
        "left_record_id": left,
        "right_record_id": right,
        "link_rule": "email",
        "evidence": f"{left} and {right}",
        "strength": strength,
    }


@dataclass
class SecondHalf:
    """A project copy and a DuckDB file; `build` may be called again for a later load."""

    folder: Path
    project: Path = field(init=False)

    def __post_init__(self) -> None:
        self.project = copy_second_half(self.folder)

    @property
    def database(self) -> Path:
        return self.folder / "identity.duckdb"

    def load(self, tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Make every raw table anew; one that is not given is empty."""
        with duckdb.connect(self.database) as connection:
            connection.execute("create schema if not exists raw")
            for name, columns in TABLES.items():
                types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
                connection.execute(f"create or replace table raw.{name} ({types})")
                rows = [[row.get(column) for column in columns] for row in tables.get(name, [])]
                if rows:
                    places = ", ".join("?" for _ in columns)
                    connection.executemany(f"insert into raw.{name} values ({places})", rows)

    def dbt(self, *arguments: str, **variables: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments, **variables),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def command(self, *arguments: str, target: str = "duckdb", **variables: Any) -> list[str]:
        settings = {"rfm_sources": SOURCES, **variables}
        return [
            str(DBT), *arguments, "--no-use-colors", "--profiles-dir", str(self.project),
            "--project-dir", str(self.project), "--target", target,
            "--target-path", str(self.folder / "target"),
            "--log-path", str(self.folder / "logs"), "--vars", json.dumps(settings),
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        return os.environ | {"RFM_DUCKDB_PATH": str(self.database)}

    def build(
        self,
        records: Sequence[Mapping[str, Any]],
        links: Sequence[Mapping[str, Any]] = (),
        decisions: str = "",
        as_of_date: str = AS_OF_DATE,
        **more: Any,
    ) -> SecondHalf:
        """Load and build everything, data tests included.

        Args:
            records, links: rows of raw.records and raw.rule_links.
            decisions: lines of seeds/identity_decisions.csv.
            as_of_date: of this build.
            more: learned_links and runs (rows), and settings.
        """
        tables = {
            name: more.pop(name) for name in ("learned_links", "runs", "suppressed") if name in more
        }
        days = [{"as_of_date": as_of_date, "is_current": True}]
        self.load({"records": records, "rule_links": links, "as_of_dates": days, **tables})
        seed = self.project / "seeds" / "identity_decisions.csv"
        heading = (PROJECT / "seeds" / "identity_decisions.csv").read_text().splitlines()[0]
        seed.write_text(f"{heading}\n{decisions}")
        done = self.dbt("build", **more)
        assert done.returncode == 0, done.stdout[-2000:]
        return self

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.database, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def customers(self) -> set[frozenset[str]]:
        """Return the records of each customer."""
        rows = self.rows(
            "select string_agg(record_id, ' ') from customer_records group by customer_id"
        )
        return {frozenset(records.split()) for (records,) in rows}

    def ids(self) -> dict[str, str]:
        """Return the customer id of each record."""
        return dict(self.rows("select record_id, customer_id from customer_records"))

    def events(self, assigned: str = AS_OF_DATE) -> list[tuple[Any, ...]]:
        """Return the events of the builds with an as-of date, in order."""
        return self.rows(
            "select event_type, customer_id, other_customer_id, record_count"
            f" from customer_id_events where as_of_date = date '{assigned}' order by event_number"
        )
