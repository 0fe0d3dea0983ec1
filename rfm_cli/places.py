"""Where a run works, and how what it made takes the place of what was there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rfm_cli.disk import disk_errors
from rfm_cli.errors import WarehouseUnavailable
from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.workspace import Workspace

if TYPE_CHECKING:
    from rfm_cli.warehouse.postgres import PostgresWarehouse
    from rfm_cli.warehouse.spark import SparkWarehouse

NEXT = "__next"


@dataclass(frozen=True)
class Replacement:
    """A table that was built beside the one whose place it takes."""

    schema: str
    new: str
    old: str


class Place(Protocol):
    """Where a run works: nobody sees its work until it is published."""

    @property
    def target(self) -> Target:
        """What dbt builds on."""

    @property
    def variables(self) -> Mapping[str, object]:
        """The settings that keep the work out of sight."""

    def open(self) -> Warehouse:
        """Connect for writing."""

    def errors(self) -> AbstractContextManager[None]:
        """Turn errors of the engine while it writes into ours."""

    def wipe(self, relations: Sequence[str]) -> list[str]:
        """Leave nothing of deleted rows where these tables are stored; say what was refused."""

    def publish(self, replacements: Sequence[Replacement]) -> None:
        """Let what was made take the place of what was there."""


@dataclass
class FilePlace:
    """A copy of a DuckDB file, which replaces the file."""

    original: Target
    workspace: Workspace
    variables: Mapping[str, object] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """The copy."""
        return self.original.at(self.workspace.path)

    def open(self) -> Warehouse:
        """Connect to the copy."""
        return open_warehouse(self.target, read_only=False)

    def errors(self) -> AbstractContextManager[None]:
        """Say what a full disk is."""
        return disk_errors(self.original.path)

    def wipe(self, relations: Sequence[str]) -> list[str]:
        """Write the copy anew: a file keeps the bytes of deleted rows."""
        self.workspace.rewrite()
        return []

    def publish(self, replacements: Sequence[Replacement]) -> None:
        """Put the copy in the place of the file."""
        self.workspace.publish()


@dataclass
class ServerPlace:
    """The schemas of a server, where the marts are built beside the old ones.

    What is in `_intermediate` and `_staging` is rebuilt in place: it is private. The history and
    what was learned are only added to.
    """

    target: Target
    connection: PostgresWarehouse | SparkWarehouse
    variables: Mapping[str, object] = field(default_factory=lambda: {"rfm_marts_suffix": NEXT})

    def open(self) -> Warehouse:
        """Connect once more."""
        return open_warehouse(self.target, read_only=False)

    def errors(self) -> AbstractContextManager[None]:
        """Do nothing: the connection says what a server means."""
        return nullcontext()

    def wipe(self, relations: Sequence[str]) -> list[str]:
        """Have the server do it."""
        return self.connection.wipe(relations)

    def publish(self, replacements: Sequence[Replacement]) -> None:
        """Let the marts take the place of the old ones: at once, where there are transactions."""
        for schema in sorted({one.schema for one in replacements}):
            pairs = [(one.new, one.old) for one in replacements if one.schema == schema]
            self.connection.replace_tables(schema, pairs)


@contextmanager
def working_place(target: Target) -> Iterator[Place]:
    """Find a place to work for a run on a target, and leave it tidy.

    Raises:
        WarehouseUnavailable: the warehouse cannot be used, or another run is using it.
    """
    if target.engine == "duckdb":
        with Workspace(target.path) as workspace:
            yield FilePlace(target, workspace)
    elif target.engine == "postgres":
        from rfm_cli.warehouse.postgres import PostgresWarehouse

        with PostgresWarehouse(target) as postgres:
            if not postgres.try_lock(target.schema):
                raise WarehouseUnavailable(
                    "another rfm run is using the schema",
                    where=target.where,
                    hint="wait until it has finished and run the command again",
                )
            yield ServerPlace(target, postgres)
    else:
        from rfm_cli.warehouse.spark import SparkWarehouse

        with SparkWarehouse(target) as spark:
            yield ServerPlace(target, spark)
