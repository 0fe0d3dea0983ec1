"""What every warehouse can do, and the little that all engines share."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

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


@dataclass(frozen=True)
class StoredTable:
    """A table that holds rows, in one of the schemas of the project.

    Attributes:
        relation: quoted, with its schema.
        schema: of the table.
        name: without its schema.
        is_mart: whether it is in the schema of the marts, where users may have tables too.
    """

    relation: str
    schema: str
    name: str
    is_mart: bool


class Warehouse(ABC):
    """One open connection to a warehouse; use it with `with`, which ends it.

    SQL is what all engines understand; `?` stands for a parameter.

    Attributes:
        where: what and where it is, for messages.
        traffic: the rows of the user's that went either way over this connection.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.traffic = Traffic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query with a small result; none for other statements."""
        rows = self._execute(sql, parameters)[1]
        self.traffic.rows_read += len(rows)
        return rows

    def records(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """Return all rows of a query with a small result, by column name."""
        names, rows = self._execute(sql, parameters)
        self.traffic.rows_read += len(rows)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def relation(self, name: str) -> str:
        """Return the relation with this name.

        Raises:
            BadInput: the warehouse does not have it.
        """
        found = self.find_relation(name)
        if found is None:
            raise BadInput(
                f"the database has no table {name}",
                where=self.where,
                hint="build it with `rfm run`, which makes all tables",
            )
        return found

    def replace_run(self, relation: str, run_id: str, rows: pa.Table) -> None:
        """Put the rows of a run of learning into a relation, in place of any it has of the run.

        Args:
            relation: a table with a column run_id.
            run_id: the run.
            rows: its rows, with the column run_id.
        """
        self._execute(f"delete from {relation} where run_id = ?", [run_id])
        self.append(relation, rows)

    def append_secret(self, relation: str, column: str) -> None:
        """Add a row with a random text that nobody can guess, and that no log will name."""
        import pyarrow as pa

        self.append(relation, pa.table({column: [secrets.token_hex(32)]}))

    def delete_rows(self, table: StoredTable, condition: str, parameters: Sequence[object]) -> None:
        """Delete the rows of a table for which a condition holds; it is never null."""
        self._execute(f"delete from {table.relation} where {condition}", parameters)

    def clear_column(
        self, table: StoredTable, column: str, condition: str, parameters: Sequence[object]
    ) -> None:
        """Make a column null in the rows of a table for which a condition holds."""
        self._execute(f"update {table.relation} set {column} = null where {condition}", parameters)

    def wipe(self, relations: Sequence[str]) -> list[str]:
        """Leave nothing of deleted rows where tables are stored; return what could not be done."""
        return []

    def nearest(self, relation: str, column: str, text: str, count: int) -> list[str]:
        """Return the texts of a column that are most like a text."""
        rows = self.query(
            f"select {column} from {relation} "
            f"order by levenshtein({column}, ?), {column} limit {count}",
            [text],
        )
        return [row[0] for row in rows]

    @abstractmethod
    def close(self) -> None:
        """End the connection."""

    @abstractmethod
    def reader(self, relation: str, batch_rows: int = BATCH_ROWS) -> pa.RecordBatchReader:
        """Return the rows of a relation or of a query in brackets, never all of them at once."""

    @abstractmethod
    def append(self, relation: str, rows: pa.Table) -> None:
        """Add rows to a relation; columns meet by name."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Do all of it or nothing of it, on engines that have transactions."""

    @abstractmethod
    def find_relation(self, name: str) -> str | None:
        """Return the relation with this name, quoted; marts win over other schemas."""

    @abstractmethod
    def marts(self) -> list[str]:
        """Return the names of the public tables, in order."""

    @abstractmethod
    def tables(self) -> list[tuple[str, str]]:
        """Return schema and name of every table that may be read, in order; not the system's."""

    @abstractmethod
    def stored_tables(self) -> list[StoredTable]:
        """Return the tables of the schemas of the project, in order; views store nothing."""

    @abstractmethod
    def columns(self, relation: str) -> dict[str, str]:
        """Return the columns of a relation and their types, in order."""

    @abstractmethod
    def table(self, name: str) -> str:
        """Return a table that the user names, `schema.table` or `table`, quoted.

        Raises:
            BadInput: it does not exist.
            WarehouseUnavailable: it may not be read.
        """

    @abstractmethod
    def _execute(
        self, sql: str, parameters: Sequence[object] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run a statement; return the names of its columns and its rows."""


def quote(name: str) -> str:
    """Write a name as an identifier of standard SQL."""
    return '"' + name.replace('"', '""') + '"'


def split_name(name: str) -> list[str]:
    """Split `database.schema.table`; quotes keep a dot within a name."""
    import csv

    return next(csv.reader([name], delimiter=".", quotechar='"'))


def in_order(schemas: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    """Return what the first of the wanted schemas holds."""
    return next((schemas[schema] for schema in wanted if schema in schemas), None)
