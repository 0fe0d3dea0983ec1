"""The records as they are compared: one table in DuckDB, with what the comparisons need.

Two records are looked at when they share a key. A key that more than `LARGEST_BLOCK` records have
says little about who it is and costs pairs by the square, so nobody is looked at because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

LARGEST_BLOCK = 50

# What is read of the records, and as what.
INPUT_COLUMNS = {
    "record_id": "varchar",
    "entity_type": "varchar",
    "given_name_key": "varchar",
    "given_name_word": "varchar",
    "is_given_name_full": "boolean",
    "family_name_key": "varchar",
    "postal_key": "varchar",
    "street_key": "varchar",
    "city": "varchar",
    "birth_date": "date",
    "birth_year": "integer",
    "email": "varchar",
    "email_hash": "varchar",
    "phone": "varchar",
    "other_phone": "varchar",
    "tax_id": "varchar",
    "loyalty_id": "varchar",
    "crm_id": "varchar",
}


@dataclass(frozen=True)
class Block:
    """A reason to look at two records.

    Attributes:
        name: of the column that holds the key, without its prefix.
        parts: the columns or SQL whose values make up the key; all must be there.
    """

    name: str
    parts: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column that holds the key."""
        return f"block_{self.name}"


# In either order, so that swapped names meet.
_NAMES = (
    "case when swapped_family is not null then least(given_name_key, swapped_family) end",
    "case when given_name_key is not null then greatest(given_name_key, swapped_family) end",
)
BLOCKS = (
    Block("tax_id", ("tax_id",)),
    Block("loyalty_id", ("loyalty_id",)),
    Block("crm_id", ("crm_id",)),
    Block("email", ("email",)),
    Block("email_hash", ("email_key",)),
    Block("names", _NAMES),
    Block("given_birth", ("left(given_name_key, 1)", "birth_text")),
    Block("family_birth", ("left(family_name_key, 1)", "birth_text")),
    Block("home", ("postal_key", "street_key")),
    Block("street_given", ("street_key", "left(given_name_key, 1)")),
    Block("birth_postal", ("birth_text", "postal_key")),
    Block("birth_street", ("birth_text", "street_key")),
    Block("family_postal", ("family_name_key", "postal_key")),
    Block("given_postal", ("given_name_key", "postal_key")),
    Block(
        "initials_birth",
        ("left(given_name_key, 1)", "left(family_name_key, 3)", "birth_year"),
    ),
)
# A phone may be the other phone of another record: the keys of both columns meet.
PHONE_COLUMNS = ("phone", "other_phone")


def blocking_rules() -> list[str]:
    """Return the conditions of which two records must meet one to be compared."""
    phones = [
        f"l.block_{left} = r.block_{right}" for left in PHONE_COLUMNS for right in PHONE_COLUMNS
    ]
    return [*(f"l.{block.column} = r.{block.column}" for block in BLOCKS), *phones]


def load_records(connection: DuckDBPyConnection, records: pa.Table) -> int:
    """Make the table `people` of the persons among the records.

    Rows are numbered by record_id, so that their order on arrival decides nothing.

    Args:
        connection: of a database that is all ours.
        records: columns as in `INPUT_COLUMNS`; one that is not there is empty.

    Returns:
        The number of persons' records.
    """
    there = set(records.column_names)
    columns = ", ".join(
        f"cast({name} as {kind}) as {name}" if name in there else f"cast(null as {kind}) as {name}"
        for name, kind in INPUT_COLUMNS.items()
    )
    connection.register("arrived", records)
    connection.execute(
        f"""
        create table known as
        with typed as (select {columns} from arrived)
        select
            row_number() over (order by record_id) as unique_id,
            typed.* exclude (entity_type, city, is_given_name_full, birth_year),
            coalesce(is_given_name_full, true) as is_given_name_full,
            lower(trim(city)) as city_key,
            coalesce(birth_year, year(birth_date)) as birth_year,
            -- Under other names, so that a block of names leaves the other comparison its columns.
            family_name_key as swapped_family,
            given_name_key as swapped_given,
            strftime(birth_date, '%Y-%m-%d') as birth_text,
            strftime(birth_date, '%Y-%d-%m') as birth_swapped,
            coalesce(email_hash, sha256(email)) as email_key,
            regexp_extract(email, '^(.+)@', 1) as email_mailbox,
            regexp_replace(email, '[^0-9]', '', 'g') as email_digits
        from typed
        where entity_type = 'person'
        """
    )
    connection.unregister("arrived")
    (count,) = connection.execute("select count(*) from known").fetchall()[0]
    _add_keys(connection)
    return int(count)


def _add_keys(connection: DuckDBPyConnection) -> None:
    keys = {block.column: _key(block.parts) for block in BLOCKS}
    keys |= {f"block_{column}": _key((column,)) for column in PHONE_COLUMNS}
    values = ", ".join(f"{sql} as {name}" for name, sql in keys.items())
    connection.execute(f"create table keyed as select *, {values} from known")
    connection.execute("drop table known")
    phones = [f"block_{column}" for column in PHONE_COLUMNS]
    groups = [[block.column] for block in BLOCKS] + [phones]
    joins, kept = [], []
    for names in groups:
        useful = f"useful_{names[0]}"
        _find_useful(connection, useful, names)
        for name in names:
            joins.append(f"left join {useful} as of_{name} on keyed.{name} = of_{name}.value")
            kept.append(f"of_{name}.value as {name}")
    connection.execute(
        f"create table people as select keyed.* exclude ({', '.join(keys)}), {', '.join(kept)} "
        f"from keyed {' '.join(joins)} order by unique_id"
    )
    connection.execute("drop table keyed")
    for names in groups:
        connection.execute(f"drop table useful_{names[0]}")


def _key(parts: tuple[str, ...]) -> str:
    whole = " || '|' || ".join(f"cast({part} as varchar)" for part in parts)
    # The hash of nothing is something.
    return f"case when {whole} is not null then hash({whole}) end"


def _find_useful(connection: DuckDBPyConnection, table: str, keys: list[str]) -> None:
    """Find the keys that bring records together, but not too many of them."""
    values = " union all ".join(f"select {key} as value from keyed" for key in keys)
    connection.execute(
        f"create table {table} as select value from ({values}) "
        f"where value is not null group by value having count(*) between 2 and {LARGEST_BLOCK}"
    )
