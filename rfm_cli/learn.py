"""Learn the lifetime value models from the grouped counts and append what was learned.

A run exists once its row is in `fitted_runs`, which is written last. The same data and settings
give the same run_id and are not fitted twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from rfm_cli import __version__
from rfm_cli.learned_runs import LearnedRun, add_run, find_run, known_run
from rfm_cli.warehouse import Warehouse

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
# Whole numbers as the tables have them: not every driver makes them smaller by itself.
_TYPES = dict.fromkeys(("repeat_order_count", "node_number", "observed_days"), "int32")
LEARNING_RELATIONS = (*_COUNTS, *_LEARNED_TABLES, "fitted_runs")


def learn(warehouse: Warehouse, relations: Mapping[str, str], model: str) -> LearnedRun | None:
    """Fit the models on the counts in the warehouse and append the fit.

    Args:
        warehouse: open for writing.
        relations: the relation of each dbt model, by name.
        model: 'mbg_nbd', 'bg_nbd' or 'pareto_nbd'.

    Returns:
        The run, or None when there are no customers to learn from.
    """
    before = replace(warehouse.traffic)
    run = _learn(warehouse, relations, model)
    if run is None:
        return None
    return replace(
        run,
        rows_read=warehouse.traffic.rows_read - before.rows_read,
        rows_written=warehouse.traffic.rows_written - before.rows_written,
    )


def _learn(warehouse: Warehouse, relations: Mapping[str, str], model: str) -> LearnedRun | None:
    orders = _read(warehouse, relations[_COUNTS[0]])
    spend = _read(warehouse, relations[_COUNTS[1]])
    if orders.num_rows == 0:
        return None
    as_of_date = orders["as_of_date"][0].as_py()
    run_id = _run_id(as_of_date, model, orders, spend)
    known = find_run(warehouse, relations["fitted_runs"], run_id)
    if known is not None:
        return known_run(known)
    run, fit = _fit(run_id, as_of_date, model, orders, spend)
    with warehouse.transaction():
        _append(warehouse, relations, run, fit, orders)
    return run


def _read(warehouse: Warehouse, relation: str) -> pa.Table:
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
    warehouse: Warehouse,
    relations: Mapping[str, str],
    run: LearnedRun,
    fit: LtvFit | None,
    orders: pa.Table,
) -> None:
    if fit is not None:
        for name, columns in _learned_columns(fit).items():
            _replace_columns(warehouse, relations[name], run.run_id, columns)
    customers = _floats(orders, "customer_count")
    has_repeats = _floats(orders, "repeat_order_count") > 0
    add_run(
        warehouse,
        relations["fitted_runs"],
        run,
        topic=TOPIC,
        customer_count=int(customers.sum()),
        repeat_customer_count=int(customers[has_repeats].sum()),
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


def _replace_columns(
    warehouse: Warehouse, relation: str, run_id: str, columns: Mapping[str, Any]
) -> None:
    import pyarrow as pa

    # A crash may have left rows of this run; of a run without its row in fitted_runs nobody reads.
    arrays = {name: pa.array(values, _TYPES.get(name)) for name, values in columns.items()}
    length = len(next(iter(arrays.values())))
    warehouse.replace_run(relation, run_id, pa.table({"run_id": [run_id] * length, **arrays}))
