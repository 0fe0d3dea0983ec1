"""Looks at a file of orders before dbt does: its format, its columns, how dates and money read.

Only what makes the whole file unusable is an error here. A row that cannot be used goes to
`quarantined_rows` with its reason when dbt builds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rfm_cli import order_columns, order_values
from rfm_cli.errors import BadInput
from rfm_cli.order_columns import ColumnChoice
from rfm_cli.order_files import Files, find_files
from rfm_cli.warehouse.duckdb import first_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HEAD_BYTES = 1 << 20
_DELIMITERS = (",", ";", "\t", "|")
_OTHER_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "save it as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV (UTF-8)"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"SQLite format 3", "an SQLite database", "export the orders as CSV"),
    (b"%PDF", "a PDF", "export the orders as CSV"),
)
# Where the file does not say: typed columns can hold dates such as infinity.
_LAST_DATE = date(order_values.LAST_YEAR, 12, 31)
_CSV_ERROR = re.compile(r"CSV Error on Line: (\d+)")
_CSV_COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@dataclass(frozen=True)
class Wishes:
    """What the command line or the project says about the file; None where it is to be guessed.

    Attributes:
        latest_order_date: the last plausible date, instead of the file's own date.
        origins: where a wish comes from when it is not from its option, by the name of the wish.
    """

    customer_id: str | None = None
    ordered_at: str | None = None
    amount: str | None = None
    order_id: str | None = None
    date_format: str | None = None
    decimal_mark: str | None = None
    latest_order_date: date | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def origin(self, wish: str) -> str:
        """Say where a wish comes from, for messages."""
        return self.origins.get(wish, "--" + wish.replace("_", "-"))


@dataclass(frozen=True)
class OrdersFile:
    """What was found out about the orders in a file, or in several.

    Attributes:
        path: the file, folder or pattern that was named.
        pattern: what DuckDB reads it by.
    """

    path: Path
    pattern: str
    file_format: str
    delimiter: str
    encoding: str
    columns: ColumnChoice
    date_format: str
    decimal_mark: str
    latest_order_date: date | None
    row_count: int
    notes: tuple[str, ...] = field(default=())

    def variables(self) -> dict[str, object]:
        """Say the same as vars of the dbt project."""
        return {
            "rfm_table_name": "",
            "rfm_file_path": self.pattern,
            "rfm_file_format": self.file_format,
            "rfm_file_delimiter": self.delimiter,
            "rfm_file_encoding": self.encoding,
            "rfm_file_customer_id": self.columns.customer_id,
            "rfm_file_ordered_at": self.columns.ordered_at,
            "rfm_file_amount": self.columns.amount,
            "rfm_file_order_id": self.columns.order_id or "",
            "rfm_file_date_format": self.date_format,
            "rfm_file_decimal_mark": self.decimal_mark,
            "rfm_latest_order_date": (self.latest_order_date or _LAST_DATE).isoformat(),
        }


def inspect(path: Path, wishes: Wishes) -> OrdersFile:
    """Find out how to read a file of orders, or all files of a folder or a pattern.

    Raises:
        BadInput: a file is missing, empty, damaged, of another format or of other columns than
            the first, or its columns, dates or decimal mark cannot be told.
    """
    found = find_files(path)
    heads = [_read_head(file) for file in found.files]
    with _scratch_connection() as connection:
        if heads[0].startswith(b"PAR1"):
            layout = _Layout("parquet", ",", "utf-8")
            _load_parquet(connection, found)
        else:
            layout = _csv_layout(found.files[0], heads[0])
            for file, head in zip(found.files[1:], heads[1:], strict=True):
                _require_same_layout(layout, found.files[0], _csv_layout(file, head), file)
            _load_csv(connection, found, layout)
        return _describe(connection, found, layout, wishes)


@dataclass(frozen=True)
class _Layout:
    file_format: str
    delimiter: str
    encoding: str
    header: tuple[str, ...] = ()


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise BadInput(
            f"the file of orders cannot be read: {error.strerror}",
            where=str(path),
            hint="give yourself the permission to read it",
        ) from error
    if not head.strip():
        raise BadInput(
            "the file of orders is empty", where=str(path), hint="export the orders again"
        )
    for magic, name, hint in _OTHER_FORMATS:
        if head.startswith(magic):
            raise BadInput(f"the file of orders is {name}", where=str(path), hint=hint)
    return head


def _require_same_layout(first: _Layout, first_path: Path, other: _Layout, path: Path) -> None:
    if other != first:
        raise BadInput(
            f"the file is not laid out as {first_path.name}, the first one: "
            f"columns {', '.join(other.header)} ({other.encoding}, separated by "
            f"{other.delimiter!r}) instead of {', '.join(first.header)} ({first.encoding}, "
            f"{first.delimiter!r})",
            where=str(path),
            hint="export all files in one way, or name the others only",
        )


@contextmanager
def _scratch_connection() -> Iterator[DuckDBPyConnection]:
    import tempfile

    import duckdb

    from rfm_cli.project import cache_folder

    # Without a folder of its own DuckDB would spill to the current folder.
    with (
        tempfile.TemporaryDirectory(prefix="spill-", dir=cache_folder()) as spill,
        duckdb.connect(config={"temp_directory": spill}) as connection,
    ):
        yield connection


def _load_parquet(connection: DuckDBPyConnection, found: Files) -> None:
    import duckdb

    try:
        connection.read_parquet(found.pattern).create_view("file_rows")
    except duckdb.Error as error:
        raise BadInput(
            "the Parquet file is damaged, or not all files have the same columns",
            where=f"{found.named} ({' '.join(str(error).split())[:160]})",
            hint="export the orders again",
        ) from error


def _csv_layout(path: Path, head: bytes) -> _Layout:
    encoding = _encoding(path, head)
    text = head.decode(
        {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "latin-1"}[encoding], errors="replace"
    )
    lines = text.splitlines()
    try:
        headers = {d: next(csv.reader(lines, delimiter=d, strict=False)) for d in _DELIMITERS}
    except csv.Error as error:
        raise BadInput(
            f"the first line cannot be read: {error}",
            where=f"{path}, line 1",
            hint="the first line must hold the names of the columns",
        ) from error
    delimiter = max(_DELIMITERS, key=lambda d: len(headers[d]))
    header = tuple(name.strip() for name in headers[delimiter])  # DuckDB strips them too
    if len(header) == 1:
        raise BadInput(
            f'the first line is one column, "{header[0][:60]}"',
            where=f"{path}, line 1",
            hint="the file needs a header line and columns separated by , ; tab or |",
        )
    return _Layout("csv", delimiter, encoding, header)


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith(b"\xff\xfe"):
        return "utf-16"
    if head.startswith(b"\xfe\xff") or b"\x00" in head[:200]:
        raise BadInput(
            "the file is in an encoding that cannot be read here (UTF-16 or UTF-32)",
            where=str(path),
            hint="save it as CSV UTF-8",
        )
    windows_only = False
    with path.open("rb") as file:
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk := file.read(_HEAD_BYTES):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                break
        else:
            return "utf-8"
        file.seek(0)
        while chunk := file.read(_HEAD_BYTES):
            windows_only = windows_only or re.search(rb"[\x80-\x9f]", chunk) is not None
    if windows_only:
        raise BadInput(
            "the file is not UTF-8 text (it looks like Windows-1252)",
            where=str(path),
            hint="save it as CSV UTF-8, or: iconv -f WINDOWS-1252 -t UTF-8 IN > OUT",
        )
    return "latin-1"


def _load_csv(connection: DuckDBPyConnection, found: Files, layout: _Layout) -> None:
    import duckdb

    names = _unique(layout.header)
    columns = "{" + ", ".join(f"{_text(name)}: 'varchar'" for name in names) + "}"
    # Named columns and no guessing: then DuckDB says in which line a row is too long or too short.
    scan = (
        f"read_csv({_text(found.pattern)}, auto_detect=false, header=true, strict_mode=true, "
        f"columns={columns}, delim={_text(layout.delimiter)}, quote='\"', escape='\"', "
        f"encoding='{layout.encoding}', max_line_size=16777216)"
    )
    try:
        connection.execute(f"create view file_rows as select * from {scan}")
        connection.execute("select count(*) from file_rows").fetchone()
    except duckdb.Error as error:
        raise _csv_error(found, str(error)) from error


def _csv_error(found: Files, message: str) -> BadInput:
    path = next((file for file in found.files if str(file) in message), found.named)
    line = _CSV_ERROR.search(message)
    where = f"{path}, line {line[1]}" if line else str(path)
    columns = _CSV_COLUMNS.search(message)
    if columns:
        expected, held = columns.groups()
        return BadInput(
            f"a line has {held} columns, the header has {expected}",
            where=where,
            hint='correct the line; a text that holds the separator must stand in "quotes"',
        )
    if "unterminated quote" in message:
        return BadInput("a quote is opened and never closed", where=where, hint="close the quote")
    return BadInput(
        f"the CSV file cannot be read: {' '.join(message.split())[:160]}",
        where=where,
        hint="export the orders again as CSV UTF-8",
    )


def _describe(
    connection: DuckDBPyConnection, found: Files, layout: _Layout, wishes: Wishes
) -> OrdersFile:
    path = found.named
    types = {row[0]: str(row[1]) for row in connection.execute("describe file_rows").fetchall()}
    (row_count,) = first_row(connection, "select count(*) from file_rows")
    if row_count == 0:
        raise BadInput(
            "the file holds a header and no orders",
            where=str(path),
            hint="export the orders again; the columns are " + ", ".join(types),
        )
    _require_free_names(path, layout, types)
    columns = order_columns.choose(connection, path, types, wishes)
    _require_once(path, layout.header, columns)
    dates = order_values.read_dates(
        connection, path, columns.ordered_at, types[columns.ordered_at], wishes
    )
    mark = order_values.decimal_mark(connection, columns.amount, types[columns.amount], wishes)
    latest = wishes.latest_order_date
    notes: tuple[str, ...] = ()
    if latest is None:
        latest, notes = _latest_order_date(connection, found, columns.ordered_at, dates)
    return OrdersFile(
        path=path.resolve(),
        pattern=str(Path(found.pattern).absolute()),
        file_format=layout.file_format,
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        columns=columns,
        date_format=dates.date_format,
        decimal_mark=mark,
        latest_order_date=latest,
        row_count=row_count,
        notes=notes,
    )


def _latest_order_date(
    connection: DuckDBPyConnection, found: Files, column: str, dates: order_values.DateReading
) -> tuple[date | None, tuple[str, ...]]:
    """Find the latest date an order of this file can have: the day after the file was written.

    The day is for time zones. The file's own date is believed only when at least half of the
    orders lie before it: copying and unpacking may set any date.
    """
    newest = max(file.stat().st_mtime for file in found.files)
    written = datetime.fromtimestamp(newest, UTC).date()
    latest = written + timedelta(days=1)
    before, readable = first_row(
        connection,
        f"select count(*) filter (d <= ?), count(d) from (select {dates.sql} as d from file_rows)",
        [latest],
    )
    if 2 * before >= readable:
        return latest, ()
    return None, (
        f"most orders are dated after the file was written ({written}): "
        f"future dates are not checked up to {order_values.LAST_YEAR}",
    )


def _require_once(path: Path, header: tuple[str, ...], columns: ColumnChoice) -> None:
    names = [name.lower() for name in header]
    for chosen in (columns.customer_id, columns.ordered_at, columns.amount, columns.order_id):
        if chosen is not None and names.count(chosen.lower()) > 1:
            raise BadInput(
                f'the file has more than one column "{chosen}" (upper and lower case are one)',
                where=f"{path}, line 1",
                hint="give one of them another name",
            )


def _require_free_names(path: Path, layout: _Layout, types: Mapping[str, str]) -> None:
    taken = {
        "source_row_number",
        "source_path",
        *(["file_row_number"] if layout.file_format == "parquet" else []),
    }
    for name in types:
        if name.lower() in taken:
            raise BadInput(
                f'the file has a column "{name}", a name that is needed here for row numbers',
                where=str(path),
                hint="give the column another name, or leave it out",
            )


def _unique(names: tuple[str, ...]) -> list[str]:
    """Give each name a number where it repeats another, as DuckDB does."""
    seen: dict[str, int] = {}
    unique = []
    for position, name in enumerate(names):
        plain = name or f"column{position}"
        count = seen.get(plain.lower(), 0)
        seen[plain.lower()] = count + 1
        unique.append(f"{plain}_{count}" if count else plain)
    return unique


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
