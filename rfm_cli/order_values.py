"""How the dates and the money of a file are written, found out over the whole column."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli.errors import BadInput
from rfm_cli.warehouse.base import quote
from rfm_cli.warehouse.duckdb import first_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from rfm_cli.orders_file import Wishes

ISO = ""
_DAYS = (
    "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y", "%m-%d-%y",
    "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
)  # fmt: skip
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S")
FORMATS = tuple(day + time for day in _DAYS for time in _TIMES)
# A four-digit year is read from two digits too; such a date is no reading.
FIRST_YEAR, LAST_YEAR = 1900, 2200
_ISO_TEXT = r"^\d{4}-\d{1,2}-\d{1,2}([ T].*)?$"
_MONEY_NOISE = r"[^0-9.,]"
_POINT_IS_DECIMAL = r"^(\d+|\d{1,3}(,\d{3})+)\.(\d{1,2}|\d{4,})$|^\d{1,3}(,\d{3})+\.\d+$"
_COMMA_IS_DECIMAL = r"^(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})$|^\d{1,3}(\.\d{3})+,\d+$"


@dataclass(frozen=True)
class DateReading:
    """A way to read a column of dates.

    Attributes:
        date_format: a strptime format, or '' for typed columns and ISO text.
        sql: the DuckDB expression that gives the date, null where it cannot be read.
    """

    date_format: str
    sql: str


def read_dates(
    connection: DuckDBPyConnection, path: Path, column: str, column_type: str, wishes: Wishes
) -> DateReading:
    """Find the format that reads most of a column, or the one that was asked for.

    Args:
        connection: DuckDB with the view file_rows.
        path: the file, for messages.
        column: the column with the dates.
        column_type: its type in the file.
        wishes: the format that was asked for, if any.

    Raises:
        BadInput: the format asked for is no format or reads nothing, no format reads more than half
            of the values, or two formats read all of them differently.
    """
    if _is_time_type(column_type):
        return DateReading(ISO, f"try_cast({quote(column)} as date)")
    value = f"nullif(trim(cast({quote(column)} as varchar)), '')"
    connection.execute(
        "create or replace temp table date_texts as "
        f"select {value} as v, count(*) as n from file_rows where {value} is not null group by 1"
    )
    (filled,) = first_row(connection, "select coalesce(sum(n), 0) from date_texts")
    if wishes.date_format is not None:
        found = "" if wishes.date_format.strip().lower() == "iso" else wishes.date_format
        _check_wish(
            connection, f"{path}, column {column}", found, filled, wishes.origin("date_format")
        )
    elif not filled:
        found = ISO
    else:
        found = _best_format(connection, path, column, filled)
    return DateReading(found, f"cast({_reading(found, value)} as date)")


def decimal_mark(
    connection: DuckDBPyConnection, column: str, column_type: str, wishes: Wishes
) -> str:
    """Choose the decimal mark asked for, else the one that more amounts need, else the point.

    `1.234,56` needs a comma, `1,234.56` a point, `1234` and `1,234` neither.

    Raises:
        BadInput: the decimal mark asked for is none.
    """
    if column_type != "VARCHAR":
        return "."
    if wishes.decimal_mark is not None:
        if wishes.decimal_mark not in (".", ","):
            raise BadInput(
                f'"{wishes.decimal_mark}" is no decimal mark',
                where=wishes.origin("decimal_mark"),
                hint="it is . or ,",
            )
        return wishes.decimal_mark
    point, comma = first_row(
        connection,
        f"""
        select
            count(*) filter (regexp_matches(v, '{_POINT_IS_DECIMAL}')),
            count(*) filter (regexp_matches(v, '{_COMMA_IS_DECIMAL}'))
        from (
            select trim(regexp_replace({quote(column)}, '{_MONEY_NOISE}', '', 'g'), '.,') as v
            from file_rows
        )
        """,
    )
    return "," if comma > point else "."


def looks_like_dates(name: str, column_type: str) -> str:
    """Write the DuckDB condition that a value is a date."""
    if _is_time_type(column_type):
        return "true"
    if column_type != "VARCHAR":
        return "false"
    formats = [f for f in FORMATS if f != "%Y%m%d"]
    text = ", ".join(f"'{f}'" for f in formats)
    return f"({_reading(ISO, name)} is not null or try_strptime({name}, [{text}]) is not null)"


def looks_like_money(name: str, column_type: str) -> str:
    """Write the DuckDB condition that a value is an amount with decimals."""
    if column_type.startswith("DECIMAL") or column_type in ("DOUBLE", "FLOAT"):
        return "true"
    if column_type != "VARCHAR":
        return "false"
    return f"regexp_matches({name}, '^[^0-9A-Za-z]*[0-9.,]*[.,][0-9]{{2}}[^0-9A-Za-z]*$')"


def _is_time_type(column_type: str) -> bool:
    return column_type == "DATE" or column_type.startswith("TIMESTAMP")


def _reading(date_format: str, value: str = "v") -> str:
    if date_format == ISO:
        parsed = f"case when regexp_matches({value}, '{_ISO_TEXT}') then {value} end"
        return f"try_cast({parsed} as timestamp)"
    parsed = f"try_strptime({value}, '{date_format.replace(chr(39), chr(39) * 2)}')"
    return f"case when year({parsed}) between {FIRST_YEAR} and {LAST_YEAR} then {parsed} end"


def _check_wish(
    connection: DuckDBPyConnection, where: str, wish: str, filled: int, origin: str
) -> None:
    import duckdb

    try:
        read = _count(connection, [wish])[0]
    except duckdb.Error as error:
        raise BadInput(
            f'"{wish}" is not a date format',
            where=origin,
            hint="write it like %d/%m/%Y %H:%M, or iso for 2024-12-31",
        ) from error
    if filled and not read:
        raise BadInput(
            f'the date format "{wish}" reads none of the dates, such as {_examples(connection)}',
            where=where,
            hint=f"leave {origin} out to have it found",
        )


def _best_format(connection: DuckDBPyConnection, path: Path, column: str, filled: int) -> str:
    if _count(connection, [ISO])[0] * 2 > filled:
        return ISO
    counts = _count(connection, FORMATS)
    most = max(counts)
    if most * 2 <= filled:
        raise BadInput(
            f"the dates cannot be read, for example {_examples(connection)}",
            where=f"{path}, column {column}",
            hint="say how they are written with --date-format, such as %d/%m/%Y %H:%M, "
            "or name another column with --ordered-at",
        )
    best = [f for f, count in zip(FORMATS, counts, strict=True) if count == most]
    for one, other in combinations(best, 2):
        differ = f"{_reading(one)} is distinct from {_reading(other)}"
        if first_row(connection, f"select count(*) from date_texts where {differ}")[0]:
            raise BadInput(
                f"the dates read as {one} and as {other}, for example {_examples(connection)}",
                where=f"{path}, column {column}",
                hint=f'say which is right: --date-format "{one}" or --date-format "{other}"',
            )
    return best[0]


def _count(connection: DuckDBPyConnection, formats: tuple[str, ...] | list[str]) -> list[int]:
    """Count the rows that each format reads."""
    sums = ", ".join(f"coalesce(sum(n) filter ({_reading(f)} is not null), 0)" for f in formats)
    return [int(n) for n in first_row(connection, f"select {sums} from date_texts")]


def _examples(connection: DuckDBPyConnection) -> str:
    rows = connection.execute("select v from date_texts order by n desc, v limit 3").fetchall()
    return ", ".join(f'"{row[0]}"' for row in rows)
