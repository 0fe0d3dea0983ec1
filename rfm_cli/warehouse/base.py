"""What every warehouse can do, and the little that all engines share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from rfm_cli.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 100_000
# The schemas of the project, by what dbt appends to the schema of the target; marts come first.
SCHEMA_SUFFIXES = ("", "_intermediate", "_fitted", "_staging", "_seeds")


@dataclass
class Traffic:
    """How many rows went from the warehouse to Python, and how many came back."""

    rows_read: int = 0
    rows_written: int = 0


class Warehouse(Protocol):
    """One open connection to a warehouse.

    SQL is what all engines understand; `?` stands for a parameter.

    Attributes:
        where: what and where it is, for messages.
        traffic: the rows that went either way over this connection.
    """

    where: str
    traffic: Traffic

    def __enter__(self) -> Warehouse:
        """Give the connection itself."""

    def __exit__(self, *_: object) -> None:
        """End the connection."""

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query with a small result; none for other statements."""

    def records(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return all rows of a query with a small result, by column name."""

    def reader(self, relation: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return the rows of a relation or of a query in brackets, never all of them at once."""

    def append(self, relation: str, rows: pa.Table) -> None:
        """Add rows to a relation; columns meet by name."""

    def replace_run(self, relation: str, run_id: str, rows: pa.Table) -> None:
        """Put the rows of a run of learning into a relation, in place of any it has of the run.

        Args:
            relation: a table with a column run_id.
            run_id: the run.
            rows: its rows, with the column run_id.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """Do all of it or nothing of it, on engines that have transactions."""

    def find_relation(self, name: str) -> str | None:
        """Return the relation with this name, quoted; marts win over other schemas."""

    def relation(self, name: str) -> str:
        """Return the relation with this name.

        Raises:
            BadInput: the warehouse does not have it.
        """

    def marts(self) -> list[str]:
        """Return the names of the public tables, in order."""

    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""

    def table(self, name: str) -> str:
        """Return a table that the user names, `schema.table` or `table`, quoted.

        Raises:
            BadInput: it does not exist, or may not be read.
        """

    def nearest(self, relation: str, column: str, text: str, count: int) -> list[str]:
        """Return the texts of a column that are most like a text."""


def no_relation(name: str, where: str) -> BadInput:
    """Make the error for a table that a run would have made."""
    return BadInput(
        f"the database has no table {name}",
        where=where,
        hint="build it with `rfm run`, which makes all tables",
    )


def by_name(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Give rows as dicts."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def split_name(name: str) -> list[str]:
    """Split `database.schema.table`; quotes keep a dot within a name."""
    import csv

    return next(csv.reader([name], delimiter=".", quotechar='"'))


def in_order(schemas: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    """Return what the first of the wanted schemas holds."""
    return next((schemas[schema] for schema in wanted if schema in schemas), None)
