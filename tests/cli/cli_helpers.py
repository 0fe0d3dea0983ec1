"""What the tests of the command line share: orders to make, databases to look into."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

RFM = Path(sys.executable).with_name("rfm")
MARTS_SCHEMA = "main"


def write_orders(path: Path, rows: list[tuple[object, ...]], header: str | None = None) -> Path:
    lines = [header or "customer_id,ordered_at,amount,order_id"]
    lines += [",".join(str(value) for value in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ordinary_orders(customers: int = 400, seed: int = 7) -> list[tuple[object, ...]]:
    """Make customers who order at their own pace and stop at their own time."""
    draw = random.Random(seed)
    rows = []
    for customer in range(customers):
        day = date(2023, 1, 1) + timedelta(days=draw.randrange(300))
        pace = draw.gammavariate(1.0, 1 / 40)
        price = draw.gammavariate(4.0, 12.0)
        while day < date(2024, 1, 1):
            amount = round(price * draw.gammavariate(6.0, 1 / 6), 2)
            rows.append((f"c{customer:04d}", day.isoformat(), amount, f"o{len(rows)}"))
            if draw.random() < 0.15:
                break
            day += timedelta(days=1 + int(draw.expovariate(pace + 1e-4)))
    return rows


@dataclass(frozen=True)
class Built:
    """A database that `rfm run --json` made."""

    folder: Path
    orders: Path
    database: Path
    facts: dict[str, Any]
    stderr: str


def query(database: Path, sql: str, parameters: list[object] | None = None) -> list[tuple]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(sql, parameters or []).fetchall()


def marts(database: Path) -> list[str]:
    return [
        name
        for (name,) in query(
            database,
            "select table_name from information_schema.tables where table_schema = ? order by 1",
            [MARTS_SCHEMA],
        )
    ]


def assert_same_marts(one: Path, other: Path) -> None:
    assert marts(one) == marts(other) != []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        for name in marts(one):
            both = [f"select * from {side}.{MARTS_SCHEMA}.{name}" for side in ("one", "other")]
            for left, right in (both, both[::-1]):
                extra = connection.execute(f"{left} except all {right}").fetchall()
                assert extra == [], f"{name} differs"
