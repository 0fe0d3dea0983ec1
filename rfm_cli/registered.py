"""What is known of each registered source: what it is, how good, what adding it brought."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rfm_cli.project import project_settings
from rfm_cli.source_tables import registered_sources
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

Facts = dict[str, Any]
_REGISTER = ("source_kind", "owner_unit", "licence", "allowed_use", "expires_date")


def registered_facts(project_dir: Path, target: Target) -> Facts:
    """Read what the project and the marts say of the registered sources.

    Args:
        project_dir: the folder of the dbt project.
        target: the warehouse.

    Returns:
        The sources with what is known of each; the marts' part is null before the first run.

    Raises:
        BadInput: the setting rfm_sources cannot be read.
        WarehouseUnavailable: the warehouse cannot be read.
    """
    entities = registered_sources(project_settings(project_dir))
    register = _register(project_dir)
    is_there = target.database is None or target.path.exists()
    measured: Facts = {"as_of_date": None, "sources": {}}
    if is_there:
        with open_warehouse(target) as warehouse:
            measured = _measured(warehouse)
    as_of = measured["as_of_date"]
    # A run may have been told of other sources than the project names, as the demo is.
    others = {
        name: facts["entities"]
        for name, facts in sorted(measured["sources"].items())
        if name not in entities and facts.get("row_count")
    }
    is_other = bool(others) and not any(measured["sources"].get(name) for name in entities)
    sources = []
    for name, offered in {**({} if is_other else entities), **others}.items():
        facts = measured["sources"].get(name, {})
        registered = register.get(name, {column: None for column in _REGISTER})
        sources.append(
            {
                "source_name": name,
                "entities": offered,
                "is_registered": name in entities,
                **registered,
                "is_licence_expired": is_expired(registered, as_of),
                "row_count": facts.get("row_count"),
                "usable_share": facts.get("usable_share"),
                "fill": facts.get("fill", {}),
                "newest_days": facts.get("newest_days"),
                "checks": facts.get("checks", []),
                "last_order_date": facts.get("last_order_date"),
                "revenue_amount": facts.get("revenue_amount"),
                "customer_count": facts.get("customer_count"),
                "shared_customer_count": facts.get("shared_customer_count"),
                "only_here_customer_count": facts.get("only_here_customer_count"),
                "customer_revenue_amount": facts.get("customer_revenue_amount"),
                "joined_revenue_amount": facts.get("joined_revenue_amount"),
            }
        )
    return {"database": target.where, "as_of_date": as_of, "sources": sources}


def is_expired(registered: Mapping[str, Any], as_of: date | None) -> bool:
    """Whether the licence of a source had ended by the as-of date."""
    ends = registered.get("expires_date")
    if ends is None or as_of is None:
        return False
    return (ends if isinstance(ends, date) else date.fromisoformat(str(ends))) < as_of


def may_be_exported(allowed_use: str | None, *, is_aggregate_only: bool) -> bool:
    """Whether rows of a source may leave the warehouse: `all` or `export`, and not sums only."""
    return allowed_use in ("all", "export") and not is_aggregate_only


def _register(project_dir: Path) -> dict[str, Facts]:
    path = project_dir / "seeds" / "source_register.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["source_name"]: {column: row.get(column) or None for column in _REGISTER}
            for row in csv.DictReader(file)
        }


def _measured(warehouse: Warehouse) -> Facts:
    summary = warehouse.find_relation("source_summary")
    if summary is None:
        return {"as_of_date": None, "sources": {}}
    found: dict[str, Facts] = {}
    as_of = None
    for row in warehouse.records(
        "select source_name, as_of_date, row_count, usable_row_count, last_order_date, "
        f"revenue_amount from {summary}"
    ):
        as_of = row["as_of_date"] or as_of
        rows = row["row_count"]
        found[row["source_name"]] = {
            "entities": ["orders"],
            "row_count": rows,
            "usable_share": row["usable_row_count"] / rows if rows else None,
            "last_order_date": row["last_order_date"],
            "newest_days": (as_of - row["last_order_date"]).days
            if as_of and row["last_order_date"]
            else None,
            "revenue_amount": row["revenue_amount"],
        }
    quality = warehouse.find_relation("source_quality")
    if quality is not None:
        _add_quality(warehouse, quality, found)
        _add_customers(warehouse, found)
    return {"as_of_date": as_of, "sources": found}


def _add_quality(warehouse: Warehouse, quality: str, found: dict[str, Facts]) -> None:
    """Add rows, usable share, fill, freshness and the checks that were not passed."""
    totals: dict[str, Facts] = {}
    for row in warehouse.records(
        "select source_name, entity, check_name, column_name, row_count, value, threshold, status "
        f"from {quality} order by source_name, entity, check_name, column_name"
    ):
        facts = found.setdefault(row["source_name"], {})
        total = totals.setdefault(
            row["source_name"], {"rows": 0, "usable": None, "days": [], "entities": {}}
        )
        value, check = row["value"], row["check_name"]
        total["entities"][row["entity"]] = None
        if check == "row_count":
            total["rows"] += row["row_count"]
        elif check == "validity":
            total["usable"] = (total["usable"] or 0.0) + row["row_count"] * (value or 0.0)
        elif check == "freshness" and value is not None:
            total["days"].append(int(value))
        elif check == "completeness" and row["entity"] == "customers" and value:
            facts.setdefault("fill", {})[row["column_name"]] = value
        if row["status"] != "ok":
            facts.setdefault("checks", []).append(
                {key: row[key] for key in row if key not in ("source_name", "row_count")}
            )
    for name, total in totals.items():
        facts = found[name]
        facts["entities"] = list(total["entities"])
        facts["row_count"] = total["rows"]
        if total["usable"] is None:  # orders alone: source_summary knows
            continue
        facts["usable_share"] = total["usable"] / total["rows"] if total["rows"] else None
        facts["newest_days"] = min(total["days"]) if total["days"] else None


def _add_customers(warehouse: Warehouse, found: dict[str, Facts]) -> None:
    """Add whom each source knows, alone or with others, and the money that moved because of it.

    Money moved to a customer of a source when orders of other sources are theirs too: without the
    source's records nobody would know that it is one customer.
    """
    records = warehouse.find_relation("customer_records")
    customers = warehouse.find_relation("customers")
    orders = warehouse.find_relation("orders")
    if records is None or customers is None or orders is None:
        return
    for row in warehouse.records(
        "with known as (select distinct source_name, customer_id "
        f"from {records}), "
        "counted as (select customer_id, count(*) as source_count from known "
        "group by customer_id), "
        f"elsewhere as (select customer_id, source_name, sum(revenue_amount) as amount "
        f"from {orders} group by customer_id, source_name), "
        "joined as (select known.source_name, sum(elsewhere.amount) as amount from known "
        "inner join elsewhere on known.customer_id = elsewhere.customer_id "
        "and known.source_name <> elsewhere.source_name group by known.source_name) "
        "select known.source_name, count(*) as customer_count, "
        "sum(case when counted.source_count > 1 then 1 else 0 end) as shared_customer_count, "
        "sum(case when counted.source_count = 1 then 1 else 0 end) as only_here_customer_count, "
        "sum(customers.revenue_amount) as customer_revenue_amount, "
        "max(joined.amount) as joined_revenue_amount "
        "from known inner join counted on known.customer_id = counted.customer_id "
        f"left join {customers} as customers on known.customer_id = customers.customer_id "
        "left join joined on known.source_name = joined.source_name group by known.source_name"
    ):
        counts = {
            key: int(value) if key.endswith("_count") else value
            for key, value in row.items()
            if key != "source_name"
        }
        found.setdefault(row["source_name"], {}).update(counts)
