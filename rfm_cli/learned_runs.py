"""The runs of learning in `fitted_runs`, whatever was learned.

A run exists once its row is there, which is written last. The rows are only ever added to: not
every engine can change one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rfm_cli import __version__
from rfm_cli.warehouse import Warehouse


@dataclass(frozen=True)
class LearnedRun:
    """What a run of learning came to.

    `rows_read` and `rows_written` say how many rows travelled between the warehouse and Python.

    Attributes:
        run_id: the name of the run; the same data and settings give the same name.
        as_of_date: the date the data are for.
        model: the model asked for.
        is_accepted: whether the fit may be used; if not, the last good fit goes on.
        refusal_reason: why not.
        is_new: False when the run was already in the warehouse.
        rows_read: the rows that went from the warehouse to Python.
        rows_written: the rows that came back.
        group_count: the groups of customers that were fitted just now.
    """

    run_id: str
    as_of_date: date
    model: str
    is_accepted: bool
    refusal_reason: str | None
    is_new: bool
    rows_read: int = 0
    rows_written: int = 0
    group_count: int = 0


def find_run(warehouse: Warehouse, runs: str, run_id: str) -> dict[str, Any] | None:
    """Find the row of a run; when others of its topic were added since, it becomes the newest.

    Args:
        warehouse: open for writing.
        runs: the relation of `fitted_runs`.
        run_id: the run.
    """
    found = warehouse.records(
        f"select * from {runs} where run_id = ? order by run_number desc limit 1", [run_id]
    )
    if not found:
        return None
    known = found[0]
    (newest,) = warehouse.query(
        f"select max(run_number) from {runs} where topic = ?", [known["topic"]]
    )[0]
    if known["run_number"] < newest:
        _append(warehouse, runs, {**known, "run_number": _last_number(warehouse, runs) + 1})
    return known


def add_run(
    warehouse: Warehouse,
    runs: str,
    run: LearnedRun,
    *,
    topic: str,
    customer_count: int,
    repeat_customer_count: int | None,
) -> None:
    """Add the row of a new run, after everything that was learned."""
    row = {
        "run_id": run.run_id,
        "run_number": _last_number(warehouse, runs) + 1,
        "topic": topic,
        "as_of_date": run.as_of_date,
        "model": run.model,
        "is_accepted": run.is_accepted,
        "refusal_reason": run.refusal_reason,
        "customer_count": customer_count,
        "repeat_customer_count": repeat_customer_count,
        "rfm_version": __version__,
    }
    _append(warehouse, runs, row)


def known_run(row: Mapping[str, Any]) -> LearnedRun:
    """Describe a run that was in the warehouse."""
    return LearnedRun(
        row["run_id"],
        row["as_of_date"],
        row["model"],
        row["is_accepted"],
        row["refusal_reason"],
        is_new=False,
    )


def _last_number(warehouse: Warehouse, runs: str) -> int:
    (last,) = warehouse.query(f"select coalesce(max(run_number), 0) from {runs}")[0]
    return int(last)


def _append(warehouse: Warehouse, runs: str, row: Mapping[str, object]) -> None:
    import pyarrow as pa

    schema = pa.schema(
        [
            ("run_id", pa.string()),
            ("run_number", pa.int32()),
            ("topic", pa.string()),
            ("as_of_date", pa.date32()),
            ("model", pa.string()),
            ("is_accepted", pa.bool_()),
            ("refusal_reason", pa.string()),
            ("customer_count", pa.int64()),
            ("repeat_customer_count", pa.int64()),
            ("rfm_version", pa.string()),
        ]
    )
    warehouse.append(runs, pa.Table.from_pylist([dict(row)], schema=schema))
