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

from rfm_cli.allowed_use import exportable
from rfm_cli.disk import disk_errors, refuse_same_file
from rfm_cli.errors import BadInput
from rfm_cli.warehouse import Target, Warehouse, open_warehouse

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH_ROWS = 20_000
# What a spreadsheet takes for the start of a formula, plain or full-width, also after blanks.
# Quotes do not help; a leading apostrophe does (OWASP, CSV injection).
_FORMULA = r"^([\t\r]|[\s\x{00A0}\x{200B}\x{3000}\x{FEFF}]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])"


def export_table(
    target: Target,
    table: str,
    output: Path | None,
    file_format: str,
    *,
    overwrite: bool,
    allowed_only: bool = False,
) -> int:
    """Write a mart.

    Args:
        target: the warehouse.
        table: the name of a mart.
        output: the file to make, None for stdout.
        file_format: 'csv' (RFC 4180, UTF-8) or 'parquet'.
        overwrite: whether an existing file may be replaced.
        allowed_only: leave out rows whose source does not allow it, instead of refusing.

    Returns:
        The number of rows.

    Raises:
        BadInput: no such mart, the file is the database, exists or cannot be made, or
            Parquet for a terminal, or a source does not allow its data to be exported.
        WarehouseUnavailable: the warehouse cannot be read, or the disk is full.
    """
    if output is not None:
        refuse_same_file(target.database, output)
    if output is not None and output.exists() and not overwrite:
        raise BadInput("the file exists", where=str(output), hint="add --overwrite to replace it")
    if file_format == "parquet" and output is None and sys.stdout.isatty():
        raise BadInput("Parquet is no text to read", hint="name a file with --output FILE")
    with open_warehouse(target) as warehouse:
        relation = _mart(warehouse, table)
        allowed = exportable(warehouse, table, relation, allowed_only=allowed_only)
        reader = warehouse.reader(allowed, _BATCH_ROWS)
        with _sink(output) as sink:
            return (_write_csv if file_format == "csv" else _write_parquet)(reader, sink)


def _mart(warehouse: Warehouse, table: str) -> str:
    marts = warehouse.marts()
    if table not in marts:
        close = difflib.get_close_matches(table, marts, n=1)
        question = f"did you mean {close[0]}? " if close else ""
        raise BadInput(
            f"there is no table {table} to export",
            where=warehouse.where,
            hint=f"{question}the tables are {', '.join(marts)}"
            if marts
            else "make them with `rfm run`",
        )
    return warehouse.relation(table)


def _formula_safe(column: pa.Array) -> pa.Array:
    """Write a leading apostrophe before a text that a spreadsheet would run."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(column.type):
        return column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return column
    marked = pc.binary_join_element_wise("'", column, "")
    return pc.if_else(pc.match_substring_regex(column, _FORMULA), marked, column)


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
        columns = [_formula_safe(column).to_pylist() for column in batch.columns]
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
