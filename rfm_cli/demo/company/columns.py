"""Columns: text put together without loops, money in whole units of the last place, gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rfm_cli.demo.company.contract import SCHEMAS

# What texts are put together from: a column, or the same text in every row.
Text: TypeAlias = pa.Array | str
# A column of a table before it has its type.
Column: TypeAlias = pa.Array | np.ndarray

_HEX = np.array(list("0123456789abcdef"))


def join(*parts: Text) -> pa.Array:
    """Join texts row by row; a row with a gap in any of them has a gap."""
    return pc.binary_join_element_wise(*parts, "")


def pick(texts: pa.Array, index: np.ndarray) -> pa.Array:
    """Look texts up by position."""
    return texts.take(pa.array(index))


def padded(numbers: np.ndarray, width: int) -> pa.Array:
    """Write whole numbers with leading zeros."""
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def hexadecimal(numbers: np.ndarray, digits: int) -> pa.Array:
    """Write whole numbers in a fixed number of hexadecimal digits, at most 16."""
    shifts = np.arange(4 * (digits - 1), -1, -4, dtype=np.uint64)
    nibbles = (numbers.astype(np.uint64)[:, None] >> shifts) & np.uint64(15)
    return pa.array(np.ascontiguousarray(_HEX[nibbles]).view(f"U{digits}").ravel())


def constant(text: str, rows: int) -> pa.Array:
    """Repeat a text."""
    return pa.repeat(pa.scalar(text), rows)


def gaps(texts: pa.Array, mask: np.ndarray) -> pa.Array:
    """Leave gaps where the mask is set."""
    return pc.if_else(pa.array(mask), pa.scalar(None, texts.type), texts)


def choose(mask: np.ndarray, yes: Text, no: Text) -> pa.Array:
    """Take `yes` where the mask is set, else `no`."""
    return pc.if_else(pa.array(mask), yes, no)


def changed(texts: pa.Array, mask: np.ndarray, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change the texts where the mask is set, and touch no others."""
    if not mask.any():
        return texts
    flags = pa.array(mask)
    return pc.replace_with_mask(texts, flags, change(texts.filter(flags)))


def by_group(group: np.ndarray, makers: Sequence[Callable[[np.ndarray], pa.Array]]) -> pa.Array:
    """Make texts by a rule for each group.

    Args:
        group: (n) group of each row, from 0.
        makers: one for each group; takes positions of rows and returns their texts.
    """
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(len(makers) + 1))
    parts = [maker(order[bounds[g] : bounds[g + 1]]) for g, maker in enumerate(makers)]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(parts).take(pa.array(back))


def flags(rng: np.random.Generator, share: float | np.ndarray, rows: int) -> np.ndarray:
    """Draw which rows something happens to."""
    drawn: np.ndarray = rng.random(rows) < share
    return drawn


def within(counts: np.ndarray) -> np.ndarray:
    """Count the rows within groups that follow each other, from 0."""
    ends = np.cumsum(counts)
    place: np.ndarray = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return place


def table(name: str, columns: Mapping[str, Column]) -> tuple[str, str, pa.Table]:
    """Make a batch of a raw table; money and other decimals come as whole last places.

    Args:
        name: `schema.table`.
        columns: all its columns: Arrow arrays, or numbers, masked where there are gaps.
    """
    schema = SCHEMAS[name]
    arrays = [_array(columns[field.name], field.type) for field in schema]
    schema_name, table_name = name.split(".")
    return schema_name, table_name, pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Column, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return values if values.type == kind else values.cast(kind)
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    data = np.asarray(values)
    if pa.types.is_decimal(kind):
        return _decimal(data.astype(np.int64), mask, kind)
    if pa.types.is_date(kind):
        data = data.astype(np.int32)
    return pa.array(data, mask=mask).cast(kind)


def _decimal(units: np.ndarray, mask: np.ndarray | None, kind: pa.DataType) -> pa.Array:
    """Write whole numbers of the last place as 128-bit decimals, low half first."""
    halves = np.empty((len(units), 2), np.int64)
    halves[:, 0], halves[:, 1] = units, units >> 63
    valid = None if mask is None else np.packbits(~mask, bitorder="little")
    buffers = [None if valid is None else pa.py_buffer(valid), pa.py_buffer(halves)]
    return pa.Array.from_buffers(kind, len(units), buffers)
