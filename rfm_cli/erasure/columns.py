"""The columns by which a row of a table is a person's: the one list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rfm_cli.erasure.person import Person
from rfm_cli.warehouse.base import StoredTable

# They hold ids of customers.
CUSTOMER_COLUMNS = (
    "customer_id",
    "old_customer_id",
    "other_customer_id",
    "resolved_customer_id",
    "customer_id_text",
)
# They hold keys of records, `source:id`; clusters and components are named after one of theirs.
RECORD_COLUMNS = (
    "record_id",
    "left_record_id",
    "right_record_id",
    "anchor_record_id",
    "cluster_id",
    "component_id",
)
# They hold either.
CUSTOMER_OR_RECORD_COLUMNS = ("customer_or_record_id",)
# They hold the id of a record within the source that the row, or the name of the table, names.
SOURCE_COLUMNS = ("source_customer_id", "source_record_id", "customer_id_text")
# Rows of others that name the person (an id a record had before, the company of a contact) stay,
# and the name in them goes.
NAMING_CUSTOMER_COLUMNS = ("previous_customer_id", "account_id")
NAMING_RECORD_COLUMNS = ("account_record_id", "parent_record_id")
# A referral names whom it brought by the hash of the address.
NAMING_ADDRESS_COLUMNS = ("reference_id",)

_STAGED = re.compile(r"stg_(?P<source>.+?)__")


@dataclass(frozen=True)
class Condition:
    """Which rows of a table are a person's.

    Attributes:
        sql: a condition with `?` for each parameter; true or false, never null.
        parameters: the values.
    """

    sql: str
    parameters: Sequence[str]


def rows_of(table: StoredTable, columns: Iterable[str], person: Person) -> Condition | None:
    """Say which rows of a table are a person's; None when no column could tell.

    Args:
        table: a stored table.
        columns: the names of its columns.
        person: whose rows.
    """
    there = set(columns)
    parts = [
        *_are_any_of(there, CUSTOMER_COLUMNS, person.customer_ids),
        *_are_any_of(there, RECORD_COLUMNS, person.record_ids),
        *_are_any_of(there, CUSTOMER_OR_RECORD_COLUMNS, [*person.customer_ids, *person.record_ids]),
    ]
    staged = _STAGED.match(table.name)
    for source_name, ids in person.ids_by_source().items():
        of_source = _are_any_of(there, SOURCE_COLUMNS, ids)
        if "source_name" in there:
            parts += [
                Condition(f"source_name = ? and {one.sql}", [source_name, *one.parameters])
                for one in of_source
            ]
        elif staged and staged["source"] == source_name:
            parts += of_source
    if not parts:
        return None
    sql = " or ".join(f"({one.sql})" for one in parts)
    return Condition(
        f"coalesce({sql}, false)", [value for one in parts for value in one.parameters]
    )


def naming(columns: Iterable[str], person: Person) -> dict[str, Condition]:
    """Say in which rows each column names a person whose rows they are not."""
    there = set(columns)
    found = {}
    for names, values in (
        (NAMING_CUSTOMER_COLUMNS, person.customer_ids),
        (NAMING_RECORD_COLUMNS, person.record_ids),
        (
            NAMING_ADDRESS_COLUMNS,
            [value for kind, value in person.identifiers if kind == "email_hash"],
        ),
    ):
        for column in names:
            for condition in _are_any_of(there, [column], values):
                found[column] = condition
    return found


def _are_any_of(
    there: Iterable[str], columns: Iterable[str], values: Sequence[str]
) -> list[Condition]:
    marks = ", ".join("?" for _ in values)
    return [
        Condition(f"coalesce({column}, '') in ({marks})", values)
        for column in columns
        if column in there and values
    ]
