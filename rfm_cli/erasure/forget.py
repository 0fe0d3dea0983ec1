"""Erase a person: tombstones first, then the rows of every table, the ones to look up by last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rfm_cli.erasure.columns import Condition, naming, rows_of
from rfm_cli.erasure.person import Person, find_person
from rfm_cli.erasure.seeds import lines_naming
from rfm_cli.erasure.tombstones import (
    keep_tombstones,
    known_tombstones,
    make_salt,
    read_salt,
    tombstones_of,
)
from rfm_cli.explanation import unknown_customer
from rfm_cli.places import Place, working_place
from rfm_cli.project import project_settings
from rfm_cli.warehouse import Target, Warehouse, open_warehouse
from rfm_cli.warehouse.base import StoredTable

# A person is found by these: they are emptied last, so that an erasure that was cut short can be
# asked for again.
_LOOKED_UP = (
    "int_identity__identifiers",
    "customer_id_redirects",
    "customers",
    "int_identity__assignments",
)


@dataclass(frozen=True)
class Found:
    """The rows of a person in one table.

    Attributes:
        table: the table.
        condition: which rows are the person's; None where none could be.
        row_count: how many.
        names: in which rows of others a column names the person; only columns where one does.
    """

    table: StoredTable
    condition: Condition | None
    row_count: int
    names: Mapping[str, Condition]


@dataclass(frozen=True)
class Erasure:
    """What an erasure came to.

    Attributes:
        person: who was erased.
        removed_rows: how many rows went, by table.
        tombstone_count: how many tombstones were added.
        was_erased: whether tombstones of all records were there before.
        seed_lines: lines of seeds that name the person, by seed.
        notes: what the warehouse refused.
    """

    person: Person
    removed_rows: Mapping[str, int]
    tombstone_count: int
    was_erased: bool
    seed_lines: Mapping[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def removed_row_count(self) -> int:
        """All rows that went."""
        return sum(self.removed_rows.values())


def forget(
    project_dir: Path, target: Target, customer: str, confirm: Callable[[Person], None]
) -> Erasure:
    """Erase a person from every table of the project in a warehouse.

    Args:
        project_dir: the folder of the dbt project.
        target: the warehouse.
        customer: the id of a customer, also one that was merged away, or the key of a record.
        confirm: called with the person before anything is changed; raises to stop it.

    Raises:
        BadInput: there is no such customer, and there never was.
        WarehouseUnavailable: the warehouse cannot be used; running the command again completes
            what was begun.
    """
    settings = project_settings(project_dir)
    models = model_names(project_dir)
    with open_warehouse(target) as warehouse:
        person, was_erased = _look_up(warehouse, settings, models, customer)
    confirm(person)
    with working_place(target) as place:
        found, tombstone_count = _remove(place, models, person)
        changed = [one.table.relation for one in found if one.row_count or one.names]
        # With nothing left to remove, an erasure before may have ended before it wiped.
        notes = place.wipe(changed or [one.table.relation for one in found])
        place.publish([])
    return Erasure(
        person,
        {one.table.name: one.row_count for one in found if one.row_count},
        tombstone_count,
        was_erased,
        lines_naming(project_dir, [*person.customer_ids, *person.record_ids]),
        notes,
    )


def model_names(project_dir: Path) -> frozenset[str]:
    """Return the names of the models and seeds of a project, those that are disabled too."""
    files = [*(project_dir / "models").rglob("*.sql"), *(project_dir / "seeds").rglob("*.csv")]
    return frozenset(path.stem for path in files)


def _look_up(
    warehouse: Warehouse, settings: Mapping[str, Any], models: frozenset[str], customer: str
) -> tuple[Person, bool]:
    """Find a person, and whether they were erased before."""
    person = find_person(warehouse, settings, customer)
    was_erased = _was_erased(warehouse, person)
    if not was_erased and not any(one.row_count for one in find_rows(warehouse, models, person)):
        raise unknown_customer(warehouse, customer)
    return person, was_erased


def _was_erased(warehouse: Warehouse, person: Person) -> bool:
    salt = read_salt(warehouse)
    if salt is None:
        return False
    named = tombstones_of(salt, Person(person.customer_ids, person.record_ids))
    return bool(known_tombstones(warehouse, named))


def find_rows(warehouse: Warehouse, models: frozenset[str], person: Person) -> list[Found]:
    """Count a person's rows in every table that could hold any, in the order to empty them."""
    found = []
    for table in warehouse.stored_tables():
        if table.is_mart and table.name.partition("__")[0] not in models:
            continue  # a user's own table beside the marts
        columns = warehouse.columns(table.relation)
        condition = rows_of(table, columns, person)
        count = _count(warehouse, table, condition) if condition else 0
        names = {
            column: one
            for column, one in naming(columns, person).items()
            if _count(warehouse, table, one)
        }
        if condition or names:
            found.append(Found(table, condition, count, names))
    last = {name: number for number, name in enumerate(_LOOKED_UP, start=1)}
    return sorted(found, key=lambda one: (last.get(one.table.name, 0), one.table.relation))


def _count(warehouse: Warehouse, table: StoredTable, condition: Condition) -> int:
    (count,) = warehouse.query(
        f"select count(*) from {table.relation} where {condition.sql}", condition.parameters
    )[0]
    return int(count)


def _remove(place: Place, models: frozenset[str], person: Person) -> tuple[list[Found], int]:
    with place.open() as warehouse, place.errors():
        as_of_date = warehouse.query(
            f"select max(as_of_date) from {warehouse.relation('source_summary')}"
        )[0][0]
        found = find_rows(warehouse, models, person)
        with warehouse.transaction():
            salt = make_salt(warehouse)
            added = keep_tombstones(warehouse, as_of_date, tombstones_of(salt, person))
            for one in found:
                if one.condition and one.row_count:
                    warehouse.delete_rows(one.table, one.condition.sql, one.condition.parameters)
                for column, where in one.names.items():
                    warehouse.clear_column(one.table, column, where.sql, where.parameters)
        return found, added
