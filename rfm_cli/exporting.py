"""Write a mart to a file or to stdout in batches, never the whole table in memory."""

from __future__ import annotations

import csv
import difflib
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rfm_cli.disk import disk_errors, refuse_same_file
from rfm_cli.errors import BadInput
from rfm_cli.warehouse.duckdb import DuckDBWarehouse, quote

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS = 20_000
# What a spreadsheet takes for the start of a formula, plain or full-width, also after blanks.
# Quotes do not help; a leading apostrophe does (OWASP, CSV injection).
_FORMULA = r"^([\t\r]|[\s\x{00A0}\x{200B}\x{3000}\x{FEFF}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"


def export_table(
    database: Path, table: str, output: Path | None, file_format: str, *, overwrite: bool
) -> int:
    """Write a mart.

    Args:
        database: the DuckDB file.
        table: the name of a mart.
        output: the file to make, None for stdout.
        file_format: 'csv' (RFC 4180, UTF-8) or 'parquet'.
        overwrite: whether an existing file may be replaced.

    Returns:
        The number of rows.

    Raises:
        BadInput: no such mart, the file is the database, exists or cannot be made, or
            Parquet for a terminal.
        WarehouseUnavailable: the database cannot be read, or the disk is full.
    """
    if output is not None:
        refuse_same_file(database, output)
    if output is not None and output.exists() and not overwrite:
        raise BadInput("the file exists", where=str(output), hint="add --overwrite to replace it")
    if file_format == "parquet" and output is None and sys.stdout.isatty():
        raise BadInput("Parquet is no text to read", hint="name a file with --output FILE")
    with DuckDBWarehouse(database) as warehouse:
        relation = _mart(warehouse, table)
        query = _formula_safe(warehouse, relation) if file_format == "csv" else relation
        reader = warehouse.reader(query, _BATCH_ROWS)
        with _sink(output) as sink:
            return (_write_csv if file_format == "csv" else _write_parquet)(reader, sink)


def _mart(warehouse: DuckDBWarehouse, table: str) -> str:
    """Find a mart: a table in the schema that holds customer_rfm."""
    marts = [
        row[0]
        for row in warehouse.query(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() and table_schema in ("
            "select table_schema from information_schema.tables "
            "where table_name = 'customer_rfm' and table_catalog = current_database()) order by 1"
        )
    ]
    if table not in marts:
        close = difflib.get_close_matches(table, marts, n=1)
        question = f"did you mean {close[0]}? " if close else ""
        raise BadInput(
            f"there is no table {table} to export",
            where=str(warehouse.path),
            hint=f"{question}the tables are {', '.join(marts)}"
            if marts
            else "make them with `rfm run --orders FILE --database FILE`",
        )
    return warehouse.relation(table)


def _formula_safe(warehouse: DuckDBWarehouse, relation: str) -> str:
    columns = []
    for row in warehouse.query(f"describe {relation}"):
        name, kind = quote(row[0]), str(row[1])
        if kind == "VARCHAR":
            columns.append(
                f"case when regexp_matches({name}, '{_FORMULA}') then '''' || {name} "
                f"else {name} end as {name}"
            )
        elif kind == "BOOLEAN":
            columns.append(f"cast({name} as varchar) as {name}")
        else:
            columns.append(name)
    return f"(select {', '.join(columns)} from {relation})"


@contextmanager
def _sink(output: Path | None) -> Iterator[IO[bytes]]:
    """Open stdout, or a file that appears under its name only when it is complete."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if not output.parent.is_dir():
        raise BadInput(
            "the folder of the file does not exist", where=str(output.parent), hint="make it first"
        )
    part = output.with_name(f".{output.name}.part")
    try:
        with disk_errors(output.absolute(), what="export"):
            with part.open("wb") as file:
                yield file
            part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(reader: pa.RecordBatchReader, sink: IO[bytes]) -> int:
    text = io.TextIOWrapper(sink, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)  # RFC 4180: CRLF, quotes doubled
    rows.writerow(reader.schema.names)
    count = 0
    for batch in reader:
        columns = [column.to_pylist() for column in batch.columns]
        rows.writerows(zip(*columns, strict=True))
        count += batch.num_rows
    text.flush()
    text.detach()
    return count


def _write_parquet(reader: pa.RecordBatchReader, sink: IO[bytes]) -> int:
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
            count += batch.num_rows
    return count
