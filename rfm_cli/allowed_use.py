"""Which rows may leave the warehouse: what the register of sources says of each source.

A table carries a source when its rows come from it (`source_name` says which), or when the values
of its columns do (`customer_attributes` says of each where it comes from). Sums over many customers
carry none.
"""

from __future__ import annotations

from dataclasses import dataclass

from rfm_cli.errors import BadInput
from rfm_cli.registered import may_be_exported
from rfm_cli.warehouse import Warehouse

# Tables whose rows come from the source in their column source_name.
ROWS_OF_SOURCES = (
    "customer_attributes",
    "customer_records",
    "interactions",
    "order_lines",
    "orders",
    "quarantined_rows",
)
# Tables whose columns hold the values of customer_attributes.
VALUES_OF_SOURCES = ("customers",)


@dataclass(frozen=True)
class Restricted:
    """A source whose rows may not leave the warehouse.

    Attributes:
        name: the source.
        reason: what the register says.
    """

    name: str
    reason: str


def restricted_sources(warehouse: Warehouse) -> list[Restricted]:
    """Return the sources whose rows may not be exported; none where there is no register."""
    register = warehouse.find_relation("source_register")
    if register is None:
        return []
    found = []
    for row in warehouse.records(
        "select source_name, source_kind, licence, allowed_use, is_aggregate_only "
        f"from {register} order by source_name"
    ):
        only_sums = str(row["is_aggregate_only"]).lower() in ("true", "1")
        if not may_be_exported(row["allowed_use"], is_aggregate_only=only_sums):
            use = f"its data may be used for {row['allowed_use'] or 'nothing'}"
            sums = ", as sums only" if only_sums else ""
            licence = f" ({row['licence']})" if row["licence"] else ""
            found.append(Restricted(row["source_name"], use + sums + licence))
    return found


def exportable(warehouse: Warehouse, table: str, relation: str, *, allowed_only: bool) -> str:
    """Return what of a table may be exported: the table, or a query without restricted rows.

    Args:
        warehouse: where it is.
        table: the name of the mart.
        relation: what it is called in SQL.
        allowed_only: leave out rows that may not be exported, instead of refusing.

    Raises:
        BadInput: it carries sources whose data may not be exported.
    """
    if table in ROWS_OF_SOURCES and "source_name" in warehouse.columns(relation):
        carried = _carried(warehouse, relation)
    elif table in VALUES_OF_SOURCES:
        attributes = warehouse.find_relation("customer_attributes")
        carried = _carried(warehouse, attributes) if attributes else []
    else:
        return relation
    if not carried:
        return relation
    names = ", ".join("'" + one.name.replace("'", "''") + "'" for one in carried)
    if allowed_only and table in ROWS_OF_SOURCES:
        return f"(select * from {relation} as all_rows where source_name not in ({names}))"
    told = "; ".join(f"{one.name}: {one.reason}" for one in carried)
    hint = (
        "leave those rows out with --allowed-only"
        if table in ROWS_OF_SOURCES
        else "export a table without personal values, such as best_customers"
    )
    raise BadInput(
        f"{table} holds data that may not leave the warehouse",
        where=f"seeds/source_register.csv, allowed_use ({told})",
        hint=f"{hint}; if the agreement allows it, set allowed_use to `export` and run again",
    )


def _carried(warehouse: Warehouse, relation: str) -> list[Restricted]:
    restricted = restricted_sources(warehouse)
    if not restricted:
        return []
    there = {row[0] for row in warehouse.query(f"select distinct source_name from {relation}")}
    return [one for one in restricted if one.name in there]
