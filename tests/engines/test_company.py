"""The whole consolidation: nine systems become the same customers on every engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from company_database import project_with
from comparing import KEYS, compare
from engines import SERVERS, Engine
from raw_tables import column_types

from rfm_cli.demo.company import make_company
from rfm_cli.demo.company.settings import COMPANY_SETTINGS

CUSTOMERS, SEED = 150, 5
AS_OF = "2026-01-01"
# Only what one file or table of orders has no need of.
OF_COMPANIES = {
    "customer_attributes",
    "customer_id_events",
    "customer_id_redirects",
    "customer_records",
    "identity_links",
    "identity_review",
    "interactions",
    "order_lines",
    "source_quality",
}


@dataclass(frozen=True)
class Company:
    """An engine with the raw tables of a company, and the project that brings them together."""

    engine: Engine
    project: Path

    def run(self) -> dict:
        done = self.engine.rfm(
            "run", "--project-dir", self.project, "--history", "1", "--as-of", AS_OF, "--json"
        )
        return json.loads(done.stdout)

    def row_counts(self) -> list[tuple]:
        """What the memory of the project holds: it is only added to."""
        schema = self.engine.target.schema
        return [
            self.engine.rows(f"select count(*), max({number}) from {schema}_intermediate.{table}")
            for table, number in (
                ("int_identity__assignments", "assignment_number"),
                ("int_quality__row_counts", "run_number"),
            )
        ]


@pytest.fixture(scope="module")
def raw_company() -> dict[str, pa.Table]:
    """Give the raw tables of the company by name; the truth is not among them."""
    batches: dict[str, list[pa.Table]] = {}
    for schema, table, rows in make_company(CUSTOMERS, SEED):
        batches.setdefault(f"{schema}.{table}", []).append(rows)
    return {name: pa.concat_tables(batches[name]) for name in column_types()}


@pytest.fixture(scope="module")
def companies(raw_company, engine_of, tmp_path_factory):
    """Give each engine with the company brought together on it, when it is first asked for.

    All have one project, and with it one frozen model of links: DuckDB's run trains it.
    """
    settings = {**COMPANY_SETTINGS, "rfm_identity_learn": "on"}
    project = project_with(tmp_path_factory.mktemp("company") / "project", settings)

    class Companies(dict):
        def __missing__(self, name: str) -> Company:
            if name != "duckdb":
                self["duckdb"]
            engine = engine_of(name).within("company", tmp_path_factory.mktemp(f"company_{name}"))
            for table, types in column_types().items():
                engine.append(types, table, raw_company[table])
            company = Company(engine, project)
            company.run()
            self[name] = company
            return company

    return Companies()


@pytest.mark.parametrize("name", SERVERS)
def test_every_mart_is_that_of_duckdb(companies, parity, seconds, name):
    found = companies[name].engine.marts()
    wanted = companies["duckdb"].engine.marts()
    for engine in ("duckdb", name):
        seconds.setdefault("rfm run, company", {})[engine] = companies[engine].engine.seconds["run"]
    assert sorted(found) == sorted(wanted) == sorted(KEYS)
    differences = []
    for mart, rows in wanted.items():
        comparison = compare(mart, found[mart], rows)
        parity[f"{mart} (company)", name] = (comparison.rows, comparison.worst)
        differences += comparison.differences
    assert not differences, (len(differences), differences[:20])
