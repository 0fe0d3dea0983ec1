"""What is kept of an erased person: salted hashes, to know them by should a source send them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from rfm_cli.erasure.person import Person
from rfm_cli.warehouse import Warehouse


class Tombstone(NamedTuple):
    """What was hashed (record, customer, email ...), and the hash in hexadecimal digits."""

    tombstone_type: str
    tombstone: str


def tombstone_of(salt: str, tombstone_type: str, value: str) -> str:
    """Hash a value as the macro record_tombstone does."""
    inner = _hex(f"{salt}{tombstone_type}:{value}")
    return _hex(salt + inner)


def tombstones_of(salt: str, person: Person) -> list[Tombstone]:
    """Return the tombstones of a person: of all ids, records and own identifiers."""
    named = [
        *(("record", record_id) for record_id in person.record_ids),
        *(("customer", customer_id) for customer_id in person.customer_ids),
        *person.identifiers,
    ]
    return [Tombstone(kind, tombstone_of(salt, kind, value)) for kind, value in named]


def read_salt(warehouse: Warehouse) -> str | None:
    """Return the salt; None before the first erasure."""
    salts = warehouse.relation("fitted_erasure_salt")
    rows = warehouse.query(f"select min(salt) from {salts}")
    return rows[0][0] if rows else None


def make_salt(warehouse: Warehouse) -> str:
    """Return the salt, made now if there is none."""
    if read_salt(warehouse) is None:
        warehouse.append_secret(warehouse.relation("fitted_erasure_salt"), "salt")
    salt = read_salt(warehouse)
    if salt is None:
        raise RuntimeError("the salt that was just written is not there")
    return salt


def known_tombstones(warehouse: Warehouse, wanted: Iterable[Tombstone]) -> set[Tombstone]:
    """Return those of the tombstones that are kept already."""
    hashes = [one.tombstone for one in wanted]
    if not hashes:
        return set()
    marks = ", ".join("?" for _ in hashes)
    rows = warehouse.query(
        f"select tombstone_type, tombstone from {warehouse.relation('fitted_erasures')} "
        f"where tombstone in ({marks})",
        hashes,
    )
    return {Tombstone(*row) for row in rows}


def keep_tombstones(
    warehouse: Warehouse, as_of_date: date | None, wanted: Iterable[Tombstone]
) -> int:
    """Add the tombstones that are not there yet; return how many."""
    import pyarrow as pa

    tombstones = sorted(set(wanted))
    known = known_tombstones(warehouse, tombstones)
    erasure_id = secrets.token_hex(8)
    rows = [
        {"erasure_id": erasure_id, "as_of_date": as_of_date, **one._asdict()}
        for one in tombstones
        if one not in known
    ]
    if rows:
        schema = pa.schema(
            [
                ("erasure_id", pa.string()),
                ("as_of_date", pa.date32()),
                ("tombstone_type", pa.string()),
                ("tombstone", pa.string()),
            ]
        )
        table = pa.Table.from_pylist(rows, schema=schema)
        warehouse.append(warehouse.relation("fitted_erasures"), table)
    return len(rows)


def _hex(text: str) -> str:
    return sha256(text.encode()).hexdigest()
