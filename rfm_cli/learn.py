"""Learn the lifetime value models from the grouped counts and append what was learned.

A run exists once its row is in `fitted_runs`, which is written last. The same data and settings
give the same run_id and are not fitted twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from rfm_cli import __version__
from rfm_cli.warehouse.duckdb import DuckDBWarehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from rfm_cli.ltv import LtvFit
    from rfm_cli.ltv.parameters import OrderModel

TOPIC = "ltv"
_COUNTS = ("int_ltv__order_counts", "int_ltv__spend_counts")
_LEARNED_TABLES = (
    "fitted_ltv_parameters",
    "fitted_ltv_nodes",
    "fitted_ltv_intervals",
    "fitted_ltv_diagnostics",
)
LEARNING_RELATIONS = (*_COUNTS, *_LEARNED_TABLES, "fitted_runs")


@dataclass(frozen=True)
class LearnedRun:
    """What a run of learning came to.

    Attributes:
        run_id: the name of the run; the same data and settings give the same name.
        as_of_date: the date the counts are for.
        model: the order model asked for.
        is_accepted: whether the fit may score; if not, the last good fit goes on scoring.
        refusal_reason: why not.
        is_new: False when the run was already in the database.
    """

    run_id: str
    as_of_date: date
    model: str
    is_accepted: bool
    refusal_reason: str | None
    is_new: bool


def learn(
    warehouse: DuckDBWarehouse, relations: Mapping[str, str], model: str
) -> LearnedRun | None:
    """Fit the models on the counts in the warehouse and append the fit.

    Args:
        warehouse: the database, open for writing.
        relations: the relation of each dbt model, by name.
        model: 'mbg_nbd' or 'bg_nbd'.

    Returns:
        The run, or None when there are no customers to learn from.
    """
    orders = _read(warehouse, relations[_COUNTS[0]])
    spend = _read(warehouse, relations[_COUNTS[1]])
    if orders.num_rows == 0:
        return None
    as_of_date = orders["as_of_date"][0].as_py()
    run_id = _run_id(as_of_date, model, orders, spend)
    known = _known_run(warehouse, relations, run_id)
    if known is not None:
        return known
    run, fit = _fit(run_id, as_of_date, model, orders, spend)
    with warehouse.transaction():
        _append(warehouse, relations, run, fit, orders)
    return run


def _read(warehouse: DuckDBWarehouse, relation: str) -> pa.Table:
    """Read counts in an order of their own, so that the same counts give the same run_id."""
    table = warehouse.reader(relation).read_all()
    return table.sort_by([(name, "ascending") for name in table.column_names])


def _run_id(as_of_date: date, model: str, orders: pa.Table, spend: pa.Table) -> str:
    digest = hashlib.sha256(f"{TOPIC} {model} {__version__}".encode())
    for table in (orders, spend):
        for name in table.column_names:
            if name != "as_of_date":
                digest.update(name.encode())
                digest.update(_floats(table, name).tobytes())
    return f"{as_of_date.isoformat()}-{digest.hexdigest()[:12]}"


def _known_run(
    warehouse: DuckDBWarehouse, relations: Mapping[str, str], run_id: str
) -> LearnedRun | None:
    runs = relations["fitted_runs"]
    found = warehouse.query(
        f"select as_of_date, model, is_accepted, refusal_reason, run_number < ("
        f"select max(run_number) from {runs} where topic = '{TOPIC}') from {runs} where run_id = ?",
        [run_id],
    )
    if not found:
        return None
    as_of_date, model, is_accepted, reason, is_overtaken = found[0]
    if is_overtaken:
        # Other data were fitted since; the fit of these data must be the newest again.
        warehouse.query(
            f"update {runs} set run_number = (select max(run_number) + 1 from {runs}) "
            "where run_id = ?",
            [run_id],
        )
    return LearnedRun(run_id, as_of_date, model, is_accepted, reason, is_new=False)


def _fit(
    run_id: str, as_of_date: date, model: str, orders: pa.Table, spend: pa.Table
) -> tuple[LearnedRun, LtvFit | None]:
    from rfm_cli.ltv import FitRefused, OrderCounts, SpendCounts, learn_ltv

    order_counts = OrderCounts(
        repeat_orders=_floats(orders, "repeat_order_count"),
        first_to_last_days=_floats(orders, "first_to_last_days"),
        observed_days=_floats(orders, "observed_days"),
        customers=_floats(orders, "customer_count"),
    )
    spend_counts = SpendCounts(
        repeat_orders=_floats(spend, "repeat_order_count"),
        repeat_amount=_floats(spend, "repeat_amount"),
        customers=_floats(spend, "customer_count"),
    )
    try:
        fit = learn_ltv(order_counts, spend_counts, model=cast("OrderModel", model))
    except FitRefused as refused:
        return LearnedRun(run_id, as_of_date, model, False, refused.reason, is_new=True), None
    return LearnedRun(run_id, as_of_date, model, True, None, is_new=True), fit


def _floats(table: pa.Table, column: str) -> Any:  # noqa: ANN401 (a numpy array)
    import pyarrow as pa

    return table[column].cast(pa.float64()).to_numpy()


def _append(
    warehouse: DuckDBWarehouse,
    relations: Mapping[str, str],
    run: LearnedRun,
    fit: LtvFit | None,
    orders: pa.Table,
) -> None:
    runs = relations["fitted_runs"]
    for name in _LEARNED_TABLES:
        # What a crash left behind: rows of a run that never happened.
        warehouse.query(
            f"delete from {relations[name]} where run_id not in (select run_id from {runs})"
        )
    if fit is not None:
        for name, columns in _learned_columns(fit).items():
            _append_columns(warehouse, relations[name], run.run_id, columns)
    customers = _floats(orders, "customer_count")
    has_repeats = _floats(orders, "repeat_order_count") > 0
    warehouse.query(
        f"insert into {runs} by name select ? as run_id, "
        f"(select coalesce(max(run_number), 0) + 1 from {runs}) as run_number, ? as topic, "
        "? as as_of_date, ? as model, ? as is_accepted, ? as refusal_reason, "
        "? as customer_count, ? as repeat_customer_count, ? as rfm_version",
        [
            run.run_id,
            TOPIC,
            run.as_of_date,
            run.model,
            run.is_accepted,
            run.refusal_reason,
            int(customers.sum()),
            int(customers[has_repeats].sum()),
            __version__,
        ],
    )


def _learned_columns(fit: LtvFit) -> dict[str, dict[str, Any]]:
    models, parameters, estimates, errors = zip(*fit.parameters, strict=True)
    about, diagnostics, values = zip(*fit.diagnostics, strict=True)
    return {
        "fitted_ltv_parameters": {
            "model": models,
            "parameter": parameters,
            "estimate": estimates,
            "standard_error": errors,
        },
        "fitted_ltv_nodes": dict(fit.nodes),
        "fitted_ltv_intervals": dict(fit.intervals),
        "fitted_ltv_diagnostics": {"model": about, "diagnostic": diagnostics, "value": values},
    }


def _append_columns(
    warehouse: DuckDBWarehouse, relation: str, run_id: str, columns: Mapping[str, Any]
) -> None:
    import pyarrow as pa

    arrays = {name: pa.array(values) for name, values in columns.items()}
    length = len(next(iter(arrays.values())))
    warehouse.append(relation, pa.table({"run_id": [run_id] * length, **arrays}))
