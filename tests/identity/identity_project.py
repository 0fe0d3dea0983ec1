"""The project with systems added the way users add them: a staging folder and a setting.

A test writes down what each system knows and gets a warehouse with the identity models built:

    warehouse = build_identity(
        tmp_path,
        {
            "crm": [{"source_record_id": "1", "first_name": "Ann", "email": "ann@x.com"}],
            "shop": [{"source_record_id": "9", "first_name": "Ann", "email": "Ann@X.com"}],
        },
    )
    warehouse.rows("select * from main_intermediate.int_identity__rule_links")
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from building import PROJECT, Warehouse

from rfm_cli.dbt import Dbt
from rfm_cli.warehouse.targets import duckdb_target

Record = Mapping[str, Any]
Records = Mapping[str, Iterable[Record]]

# The columns of docs/sources.md, with types as PostgreSQL calls them.
CUSTOMER_COLUMNS = {
    "source_record_id": "text",
    "full_name": "text",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "email_sha256": "text",
    "phone": "text",
    "other_phone": "text",
    "street": "text",
    "postal_code": "text",
    "city": "text",
    "country_code": "text",
    "birth_date": "date",
    "birth_year": "integer",
    "loyalty_id": "text",
    "crm_id": "text",
    "tax_id": "text",
    "account_record_id": "text",
    "created_at": "timestamp",
    "updated_at": "timestamp",
    "quarantine_reason": "text",
}
ACCOUNT_COLUMNS = {
    "source_record_id": "text",
    "company_name": "text",
    "tax_id": "text",
    "website": "text",
    "email": "text",
    "phone": "text",
    "street": "text",
    "postal_code": "text",
    "city": "text",
    "country_code": "text",
    "industry": "text",
    "employee_count": "integer",
    "parent_record_id": "text",
    "created_at": "timestamp",
    "updated_at": "timestamp",
    "quarantine_reason": "text",
}
ORDER_COLUMNS = {
    "source_row_number": "bigint",
    "source_path": "text",
    "source_customer_id": "text",
    "order_id": "text",
    "ordered_at": "timestamp",
    "order_date": "date",
    "amount": "decimal(18, 2)",
    "currency": "text",
    "channel": "text",
    "same_sale_source": "text",
    "same_sale_order_id": "text",
    "quarantine_reason": "text",
    "ordered_at_text": "text",
    "amount_text": "text",
}
REFUND_COLUMNS = {
    "refund_id": "text",
    "order_id": "text",
    "line_number": "bigint",
    "refunded_at": "timestamp",
    "refund_date": "date",
    "amount": "decimal(18, 2)",
    "currency": "text",
    "reason": "text",
    "restock_cost_amount": "decimal(18, 2)",
    "quarantine_reason": "text",
}
INTERACTION_COLUMNS = {
    "interaction_id": "text",
    "source_customer_id": "text",
    "occurred_at": "timestamp",
    "interaction_type": "text",
    "channel": "text",
    "topic": "text",
    "reference_id": "text",
    "amount": "decimal(18, 2)",
    "currency": "text",
    "score": "bigint",
    "score_max": "bigint",
    "handle_minutes": "bigint",
    "severity": "text",
    "closed_at": "timestamp",
    "quarantine_reason": "text",
}
COLUMNS = {
    "customers": CUSTOMER_COLUMNS,
    "accounts": ACCOUNT_COLUMNS,
    "orders": ORDER_COLUMNS,
    "refunds": REFUND_COLUMNS,
    "interactions": INTERACTION_COLUMNS,
}
# As-of dates come from orders; this one makes it 2026-01-01. Its customer is nobody else's.
FIRST_ORDER = {
    "source_row_number": 1,
    "source_customer_id": "till",
    "order_id": "1",
    "ordered_at": "2025-12-31 12:00:00",
    "order_date": "2025-12-31",
    "amount": 10,
    "currency": "EUR",
}
IDENTITY_MODELS = "+path:models/intermediate/identity"


def copy_project(folder: Path) -> Path:
    """Copy the project without its own systems, so that a test adds the ones it is about."""
    project = folder / "project"
    if not project.exists():
        for part in ("macros", "seeds", "models", "tests/dbt"):
            shutil.copytree(PROJECT / part, project / part)
        for part in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(PROJECT / part, project / part)
    shutil.rmtree(project / "models" / "staging", ignore_errors=True)
    return project


def add_source(project: Path, source: str, entities: Iterable[str]) -> None:
    """Add a system whose raw tables are in the columns of docs/sources.md already."""
    folder = project / "models" / "staging" / source
    folder.mkdir(parents=True)
    for entity in entities:
        (folder / f"stg_{source}__{entity}.sql").write_text(
            f"select {', '.join(COLUMNS[entity])} from raw.{source}_{entity}\n"
        )


def raw_tables(
    customers: Records,
    accounts: Records | None = None,
    orders: Records | None = None,
    refunds: Records | None = None,
    interactions: Records | None = None,
) -> dict[str, dict[str, list[Record]]]:
    """Return what each system has, by entity; one order is made up where a test gives none."""
    tables: dict[str, dict[str, list[Record]]] = {}
    orders = orders or {next(iter(customers)): [FIRST_ORDER]}
    for entity, given in (
        ("customers", customers),
        ("accounts", accounts),
        ("orders", orders),
        ("refunds", refunds),
        ("interactions", interactions),
    ):
        for source, rows in (given or {}).items():
            tables.setdefault(source, {})[entity] = list(rows)
    return tables


def values_of(entity: str, rows: Iterable[Record]) -> list[list[Any]]:
    """Return the rows as lists in the order of the entity's columns; what is not said is null."""
    known = COLUMNS[entity]
    for row in rows:
        assert row.keys() <= known.keys(), row.keys() - known.keys()
    return [[row.get(column) for column in known] for row in rows]


def build_identity(
    folder: Path,
    customers: Records,
    *,
    accounts: Records | None = None,
    orders: Records | None = None,
    refunds: Records | None = None,
    interactions: Records | None = None,
    seeds: Mapping[str, str] | None = None,
    select: Sequence[str] = (IDENTITY_MODELS,),
    **variables: Any,
) -> Warehouse:
    """Build the identity models and their data tests for the records of each system.

    Called again with the same folder, the warehouse is built further: a later load.

    Args:
        folder: for the project copy and the database.
        customers, accounts, orders, refunds, interactions: rows of docs/sources.md, by source;
            columns may be left out.
        seeds: texts of seed files to use instead of the project's, by name.
        select: what dbt builds.
        variables: settings (vars).
    """
    tables = raw_tables(customers, accounts, orders, refunds, interactions)
    project = copy_project(folder)
    for source, entities in tables.items():
        add_source(project, source, entities)
    for name, text in (seeds or {}).items():
        (project / "seeds" / f"{name}.csv").write_text(text)
    warehouse = Warehouse(folder / "identity.duckdb")
    with duckdb.connect(warehouse.database) as connection:
        connection.execute("create schema if not exists raw")
        for source, entities in tables.items():
            for entity, rows in entities.items():
                types = ", ".join(f"{name} {kind}" for name, kind in COLUMNS[entity].items())
                connection.execute(f"create or replace table raw.{source}_{entity} ({types})")
                values = values_of(entity, rows)
                if values:
                    places = ", ".join("?" for _ in COLUMNS[entity])
                    connection.executemany(
                        f"insert into raw.{source}_{entity} values ({places})", values
                    )
    sources = {source: sorted(entities) for source, entities in tables.items()}
    dbt = Dbt(project, duckdb_target(warehouse.database), {"rfm_sources": sources, **variables})
    dbt.parse()
    dbt.build(select=list(select))
    return warehouse
