"""Who is meant by the id of a customer or of a record: the ids and records of one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rfm_cli.warehouse import Warehouse

# What a row of these is about is named by the customer id of its source.
_ENTITIES_OF_CUSTOMERS = {"customers", "orders", "payments", "interactions", "campaign_events"}


@dataclass(frozen=True)
class Person:
    """A customer, by all ids.

    Attributes:
        customer_ids: the id and those that were merged into it; where no source offers customers,
            the id that the sources have.
        record_ids: the records, `source:id`.
        identifiers: type and value of each e-mail address, number and so on that nobody else has.
    """

    customer_ids: Sequence[str]
    record_ids: Sequence[str]
    identifiers: Sequence[tuple[str, str]] = ()

    def ids_by_source(self) -> dict[str, list[str]]:
        """Return the ids of the records within each source."""
        found: dict[str, list[str]] = {}
        for record_id in self.record_ids:
            source_name, _, source_record_id = record_id.partition(":")
            found.setdefault(source_name, []).append(source_record_id)
        return found


def find_person(warehouse: Warehouse, settings: Mapping[str, Any], given: str) -> Person:
    """Find the ids and records of a customer; without any trace, the ids that could be theirs.

    Args:
        warehouse: open.
        settings: of the project: which source offers what, beside those of the last run.
        given: the id of a customer, also one that was merged away, or the key of a record.
    """
    sources: Mapping[str, Sequence[str]] = settings["rfm_sources"]
    # A run may have been told of other sources than the project names, as the demo is.
    others = [name for name in _last_read(warehouse) if name not in sources]
    if any("customers" in entities for entities in sources.values()) or (
        others and warehouse.find_relation("int_identity__assignments") is not None
    ):
        return _resolved(warehouse, given)
    names = [name for name in sources if _ENTITIES_OF_CUSTOMERS.intersection(sources[name])]
    names += others
    source_name, _, source_customer_id = given.partition(":")
    customer_id = source_customer_id if source_name in names and source_customer_id else given
    return Person([customer_id], [f"{name}:{customer_id}" for name in names])


def _last_read(warehouse: Warehouse) -> list[str]:
    """Return the sources of orders that the last run read."""
    summary = warehouse.find_relation("source_summary")
    if summary is None:
        return []
    return _texts(warehouse, f"select source_name from {summary} order by source_name")


def _resolved(warehouse: Warehouse, given: str) -> Person:
    customer_id = _current_id(warehouse, given)
    if customer_id is None:
        # Nobody has it any more: a record of this key, or a customer id, may have been erased.
        return Person([given], [given] if ":" in given else [])
    redirects = warehouse.relation("customer_id_redirects")
    old_ids = _texts(
        warehouse,
        f"select distinct old_customer_id from {redirects} where customer_id = ?",
        customer_id,
    )
    record_ids = _records(warehouse, customer_id)
    return Person([customer_id, *old_ids], record_ids, _own_identifiers(warehouse, record_ids))


def _current_id(warehouse: Warehouse, given: str) -> str | None:
    assignments = warehouse.relation("int_identity__assignments")
    redirects = warehouse.relation("customer_id_redirects")
    for sql in (
        f"select customer_id from {redirects} where old_customer_id = ?",
        f"select customer_id from {assignments} where record_id = ? "
        "order by assignment_number desc limit 1",
        f"select customer_id from {assignments} where customer_id = ? limit 1",
    ):
        found = _texts(warehouse, sql, given)
        if found:
            return found[0]
    return None


def _records(warehouse: Warehouse, customer_id: str) -> list[str]:
    """Return the records of a customer, also those that their source no longer has."""
    assignments = warehouse.relation("int_identity__assignments")
    return _texts(
        warehouse,
        f"select record_id from (select record_id, customer_id, row_number() over ("
        f"partition by record_id order by assignment_number desc) as newest from {assignments} "
        f"where record_id in (select record_id from {assignments} where customer_id = ?)) as last "
        "where newest = 1 and customer_id = ? order by record_id",
        customer_id,
        customer_id,
    )


def _own_identifiers(warehouse: Warehouse, record_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the identifiers that say who it is and that no other customer's record has."""
    if not record_ids:
        return []
    identifiers = warehouse.relation("int_identity__identifiers")
    suppressed = warehouse.relation("int_identity__suppressed")
    marks = ", ".join("?" for _ in record_ids)
    rows = warehouse.query(
        "select own.identifier_type, own.identifier_value from ("
        f"select distinct identifier_type, identifier_value from {identifiers} "
        f"where record_id in ({marks})) as own "
        f"left join {suppressed} as suppressed "
        "on own.identifier_type = suppressed.identifier_type "
        "and own.identifier_value = suppressed.identifier_value "
        f"left join (select distinct identifier_type, identifier_value from {identifiers} "
        f"where record_id not in ({marks})) as others "
        "on own.identifier_type = others.identifier_type "
        "and own.identifier_value = others.identifier_value "
        "where suppressed.identifier_value is null and others.identifier_value is null "
        "order by 1, 2",
        [*record_ids, *record_ids],
    )
    return [(row[0], row[1]) for row in rows]


def _texts(warehouse: Warehouse, sql: str, *parameters: str) -> list[str]:
    return [row[0] for row in warehouse.query(sql, parameters)]
