"""Counts what is in a table, in the engine: one pass for all rows, one over a bounded sample."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rfm_cli.scan.places import quoted_for
from rfm_cli.scan.roles import Column
from rfm_cli.warehouse import Warehouse

SAMPLE_ROWS = 50_000
_UNIQUE_SHARE = 0.98
_NUMBERS = r"(big|small|tiny|huge|u)*int|integer|long|short|byte|numeric|decimal|double|float|real"
# Patterns that DuckDB, PostgreSQL and Spark read alike: no classes but brackets.
PATTERNS = {
    "email": r"^[^@ ]+@[^@ ]+[.][A-Za-z]{2,}$",
    "sha256": r"^[0-9a-fA-F]{64}$",
    "phone": r"^([+]|00|0|[(])[0-9 ()/.-]{7,18}$",
    "iso_date": r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}([ T].*)?$",
    "dotted_date": r"^[0-9]{1,2}[.][0-9]{1,2}[.][12][0-9]{3}$",
    "slashed_date": r"^[0-9]{1,2}[/][0-9]{1,2}[/][12][0-9]{3}$",
    "month_first": r"^[0-9]{1,2}[/](1[3-9]|2[0-9]|3[01])[/][12][0-9]{3}$",
    "compact_date": r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$",
    "money_text": r"^-?([0-9]+|[0-9]{1,3}([., ][0-9]{3})+)[.,][0-9]{2}$",
    "comma_money": r"^-?([0-9]+|[0-9]{1,3}([. ][0-9]{3})+),[0-9]{2}$",
    "whole_number": r"^-?[0-9]+$",
    "currency": r"^(EUR|USD|GBP|PLN|CHF|SEK|NOK|DKK|CZK|HUF|JPY|CNY|CAD|AUD|RON|BGN|TRY|INR|BRL)$",
    "uk_postcode": r"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$",
}


@dataclass(frozen=True)
class Profile:
    """What was counted in a table.

    Attributes:
        relation: what it is called in SQL.
        row_count: its rows.
        columns: what was counted in each column, in order.
        unique: the columns whose values are all filled and all different.
    """

    relation: str
    row_count: int
    columns: list[Column]
    unique: tuple[str, ...]

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


def profile_table(warehouse: Warehouse, engine: str, relation: str) -> Profile:
    """Count what is in a table.

    Args:
        warehouse: where the table is.
        engine: duckdb, postgres or spark.
        relation: the table, or a query in brackets.

    Returns:
        The counts; no value of the table but the earliest and the latest date.

    Raises:
        WarehouseUnavailable: the table cannot be read.
    """
    types = warehouse.columns(relation)
    kinds = {name: _kind(data_type) for name, data_type in types.items()}
    names = [name for name, kind in kinds.items() if kind != "other"]
    quoted = {name: quoted_for(engine, name) for name in names}
    whole = ["count(*)"]
    for name in names:
        value = _value(quoted[name], kinds[name], engine)
        whole.append(f"count({value})")
        whole += [_date(value, kinds[name], engine, side) for side in ("min", "max")]
    counts = warehouse.query(f"select {', '.join(whole)} from {relation} as counted_rows")[0]
    sample = f"(select * from {relation} as all_rows limit {SAMPLE_ROWS}) as sample_rows"
    wanted, keys = ["count(*)"], []
    for name in names:
        value = _value(quoted[name], kinds[name], engine)
        wanted += [f"count({value})", f"count(distinct {value})"]
        keys += [(name, "filled"), (name, "distinct")]
        if kinds[name] == "text":
            for look, pattern in PATTERNS.items():
                wanted.append(f"count(case when {_matches(value, pattern, engine)} then 1 end)")
                keys.append((name, look))
    sampled = warehouse.query(f"select {', '.join(wanted)} from {sample}")[0]
    found = dict(zip(keys, sampled[1:], strict=True))
    columns = [
        _column(name, (kinds[name], types[name]), counts[0], counts[1 + 3 * i : 4 + 3 * i], found)
        for i, name in enumerate(names)
    ]
    unique = _unique(warehouse, relation, columns, quoted)
    return Profile(relation, int(counts[0]), columns, unique)


def _column(
    name: str,
    types: tuple[str, str],
    row_count: int,
    counted: tuple[int, str | None, str | None],
    found: Mapping[tuple[str, str], int],
) -> Column:
    filled, low, high = counted
    in_sample = found[name, "filled"]
    looks = {
        look: found[name, look] / in_sample
        for look in PATTERNS
        if in_sample and found.get((name, look))
    }
    if looks.get("whole_number", 0.0) >= _UNIQUE_SHARE:
        looks["number"] = looks["whole_number"]
    return Column(
        name=name,
        kind=types[0],
        data_type=types[1],
        fill=filled / row_count if row_count else 0.0,
        distinct_share=found[name, "distinct"] / in_sample if in_sample else 0.0,
        looks=looks,
        low=_iso(low),
        high=_iso(high),
    )


def _unique(
    warehouse: Warehouse, relation: str, columns: list[Column], quoted: Mapping[str, str]
) -> tuple[str, ...]:
    """Look at all rows, but only at columns that the sample does not rule out."""
    candidates = [
        c.name
        for c in columns
        if c.fill == 1.0 and c.distinct_share == 1.0 and c.kind in ("number", "text")
    ]
    if not candidates:
        return ()
    wanted = ", ".join(f"count(distinct {quoted[name]})" for name in candidates)
    row = warehouse.query(f"select count(*), {wanted} from {relation} as counted_rows")[0]
    return tuple(name for name, n in zip(candidates, row[1:], strict=True) if n == row[0] > 0)


def _kind(data_type: str) -> str:
    name = data_type.lower()
    if re.match(
        r"(big|small|tiny|huge|u)*int|integer|long|short|byte|numeric|decimal|double|float|real",
        name,
    ):
        return "number"
    if name.startswith(("timestamp", "date")):
        return "time"
    if name.startswith("bool"):
        return "boolean"
    if name.startswith(("varchar", "text", "string", "char", "uuid", "name")):
        return "text"
    return "other"


def _text_type(engine: str) -> str:
    return "string" if engine == "spark" else "varchar"


def _value(column: str, kind: str, engine: str) -> str:
    """Write a value, null when it is blank."""
    if kind != "text":
        return column
    return f"nullif(trim(cast({column} as {_text_type(engine)})), '')"


def _matches(value: str, pattern: str, engine: str) -> str:
    if engine == "duckdb":
        return f"regexp_matches({value}, '{pattern}')"
    return f"{value} {'rlike' if engine == 'spark' else '~'} '{pattern}'"


def _date(value: str, kind: str, engine: str, side: str) -> str:
    """Write the first or last date of a column as ISO text; null where it has no dates."""
    kind_of_text = _text_type(engine)
    if kind == "time":
        return f"cast({side}({value}) as {kind_of_text})"
    if kind != "text":
        return f"cast(null as {kind_of_text})"
    dotted = f"substring({value}, 7, 4) || '-' || substring({value}, 4, 2)"
    dotted += f" || '-' || substring({value}, 1, 2)"
    compact = f"substring({value}, 1, 4) || '-' || substring({value}, 5, 2)"
    compact += f" || '-' || substring({value}, 7, 2)"
    padded = r"^[0-9]{2}[.][0-9]{2}[.][12][0-9]{3}$"
    return (
        f"{side}(case when {_matches(value, PATTERNS['iso_date'], engine)} "
        f"then substring({value}, 1, 10) "
        f"when {_matches(value, padded, engine)} then {dotted} "
        f"when {_matches(value, PATTERNS['compact_date'], engine)} then {compact} end)"
    )


def _iso(value: object) -> str | None:
    return None if value is None else str(value)[:10]
