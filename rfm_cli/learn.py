"""Learn the lifetime value models from the grouped counts and append what was learned.

A run exists once its row is in `fitted_runs`, which is written last. The same data and settings
give the same run_id and are not fitted twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from rfm_cli import __version__
from rfm_cli.learned_runs import LearnedRun, add_run, find_run, known_run
from rfm_cli.warehouse import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from rfm_cli.ltv import LtvFit, LtvGroupFit, OrderCounts, SpendCounts
    from rfm_cli.ltv.group_fits import Pooling
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
# Filled where customers are in groups.
GROUP_RELATIONS = (
    "fitted_ltv_group_parameters",
    "fitted_ltv_group_nodes",
    "fitted_ltv_group_intervals",
    "fitted_ltv_group_effects",
)
# For values to the end, of everybody (group '') and of groups.
_FAR_NODES = "fitted_ltv_far_nodes"
_COVARIANCES = "fitted_ltv_covariances"
# What a warehouse of an earlier version does not have; there it is not kept.
LATER_RELATIONS = (_COVARIANCES, _FAR_NODES, *GROUP_RELATIONS)
_GROUP = "ltv_group"

LearnedTables = dict[str, dict[str, Any]]  # the columns of each, without run_id


def learn(
    warehouse: Warehouse, relations: Mapping[str, str], model: str, pooling: str = "partial"
) -> LearnedRun | None:
    """Fit the models on the counts in the warehouse and append the fit.

    Args:
        warehouse: open for writing.
        relations: the relation of each dbt model, by name.
        model: 'mbg_nbd', 'bg_nbd' or 'pareto_nbd'.
        pooling: how groups of customers, where there are any, lean on each other: 'partial' or
            'covariates'.

    Returns:
        The run, or None when there are no customers to learn from.
    """
    before = replace(warehouse.traffic)
    run = _learn(warehouse, relations, model, pooling)
    if run is None:
        return None
    return replace(
        run,
        rows_read=warehouse.traffic.rows_read - before.rows_read,
        rows_written=warehouse.traffic.rows_written - before.rows_written,
    )


def _learn(
    warehouse: Warehouse, relations: Mapping[str, str], model: str, pooling: str
) -> LearnedRun | None:
    orders = _read(warehouse, relations[_COUNTS[0]])
    spend = _read(warehouse, relations[_COUNTS[1]])
    if orders.num_rows == 0:
        return None
    if not _has_groups(orders):
        orders, spend = _without_groups(orders), _without_groups(spend)
    as_of_date = orders["as_of_date"][0].as_py()
    run_id = _run_id(as_of_date, model, pooling, orders, spend)
    known = find_run(warehouse, relations["fitted_runs"], run_id)
    if known is not None:
        return known_run(known)
    asked = LearnedRun(
        run_id, as_of_date, model, is_accepted=True, refusal_reason=None, is_new=True
    )
    run, learned = _fit(asked, pooling, orders, spend)
    with warehouse.transaction():
        _append(warehouse, relations, run, learned, orders)
    return run


def _read(warehouse: Warehouse, relation: str) -> pa.Table:
    """Read counts in an order of their own, so that the same counts give the same run_id."""
    table = warehouse.reader(relation).read_all()
    return table.sort_by([(name, "ascending") for name in table.column_names])


def _has_groups(counts: pa.Table) -> bool:
    """Say whether there are several groups: one alone is everybody."""
    return _GROUP in counts.column_names and len(counts[_GROUP].unique()) > 1


def _without_groups(counts: pa.Table) -> pa.Table:
    return counts.drop_columns([_GROUP]) if _GROUP in counts.column_names else counts


def _run_id(as_of_date: date, model: str, pooling: str, orders: pa.Table, spend: pa.Table) -> str:
    # What is learned is part of it: a run that filled fewer tables is another.
    digest = hashlib.sha256(f"{TOPIC} {model} {__version__} {_COVARIANCES} {_FAR_NODES}".encode())
    if _GROUP in orders.column_names:
        digest.update(pooling.encode())
    for table in (orders, spend):
        for name in table.column_names:
            if name == _GROUP:
                digest.update("\n".join(table[name].to_pylist()).encode())
            elif name != "as_of_date":
                digest.update(name.encode())
                digest.update(_floats(table, name).tobytes())
    return f"{as_of_date.isoformat()}-{digest.hexdigest()[:12]}"


def _fit(
    run: LearnedRun, pooling: str, orders: pa.Table, spend: pa.Table
) -> tuple[LearnedRun, LearnedTables]:
    """Return what the run came to and what it learned, nothing where it is refused.

    Where only the groups are refused, everybody shares the fit of all.
    """
    from rfm_cli.ltv import FitRefused, learn_groups, learn_ltv

    order_counts, spend_counts = _order_counts(orders), _spend_counts(spend)
    try:
        fit = learn_ltv(order_counts, spend_counts, model=cast("OrderModel", run.model))
    except FitRefused as refused:
        return replace(run, is_accepted=False, refusal_reason=refused.reason), {}
    groups, reason = None, None
    if _GROUP in orders.column_names:
        try:
            groups = learn_groups(
                fit,
                {group: order_counts.select(rows) for group, rows in _rows_of_groups(orders)},
                {group: spend_counts.select(rows) for group, rows in _rows_of_groups(spend)},
                pooling=cast("Pooling", pooling),
            )
        except FitRefused as refused:
            reason = refused.reason
    run = replace(run, refusal_reason=reason, group_count=len(groups.orders) if groups else 0)
    return run, _learned_tables(fit, groups)


def _order_counts(table: pa.Table) -> OrderCounts:
    from rfm_cli.ltv import OrderCounts

    return OrderCounts(
        repeat_orders=_floats(table, "repeat_order_count"),
        first_to_last_days=_floats(table, "first_to_last_days"),
        observed_days=_floats(table, "observed_days"),
        customers=_floats(table, "customer_count"),
    )


def _spend_counts(table: pa.Table) -> SpendCounts:
    from rfm_cli.ltv import SpendCounts

    return SpendCounts(
        repeat_orders=_floats(table, "repeat_order_count"),
        repeat_amount=_floats(table, "repeat_amount"),
        customers=_floats(table, "customer_count"),
    )


def _rows_of_groups(table: pa.Table) -> Iterator[tuple[str, Any]]:
    """Yield each group and a mask of its rows."""
    encoded = table[_GROUP].combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy()
    for code, group in enumerate(encoded.dictionary.to_pylist()):
        yield group, codes == code


def _floats(table: pa.Table, column: str) -> Any:  # noqa: ANN401 (a numpy array)
    import pyarrow as pa

    return table[column].cast(pa.float64()).to_numpy()


def _append(
    warehouse: Warehouse,
    relations: Mapping[str, str],
    run: LearnedRun,
    learned: LearnedTables,
    orders: pa.Table,
) -> None:
    for name, columns in learned.items():
        if name in LATER_RELATIONS and name not in relations:
            continue  # the next `rfm run` makes the table
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


def _group_tables(groups: LtvGroupFit) -> LearnedTables:
    names, models, parameters, estimates, errors = zip(*groups.parameters, strict=True)
    tables: LearnedTables = {
        "fitted_ltv_group_parameters": {
            _GROUP: names,
            "model": models,
            "parameter": parameters,
            "estimate": estimates,
            "standard_error": errors,
        },
        "fitted_ltv_group_nodes": groups.nodes,
        "fitted_ltv_group_intervals": groups.intervals,
    }
    if groups.effects:
        models, terms, parameters, estimates, errors = zip(*groups.effects, strict=True)
        tables["fitted_ltv_group_effects"] = {
            "model": models,
            "term": terms,
            "parameter": parameters,
            "estimate": estimates,
            "standard_error": errors,
        }
    return tables


def _learned_tables(fit: LtvFit, groups: LtvGroupFit | None) -> LearnedTables:
    models, parameters, estimates, errors = zip(*fit.parameters, strict=True)
    more = groups.diagnostics if groups else []
    about, diagnostics, values = zip(*fit.diagnostics, *more, strict=True)
    of, others, owners, names, other_names, covariances = zip(
        *(groups.covariances if groups else fit.covariances), strict=True
    )
    return {
        "fitted_ltv_parameters": {
            "model": models,
            "parameter": parameters,
            "estimate": estimates,
            "standard_error": errors,
        },
        _COVARIANCES: {
            _GROUP: of,
            "other_group": others,
            "model": owners,
            "parameter": names,
            "other_parameter": other_names,
            "covariance": covariances,
        },
        "fitted_ltv_nodes": dict(fit.nodes),
        "fitted_ltv_intervals": dict(fit.intervals),
        _FAR_NODES: _far_nodes(fit, groups),
        "fitted_ltv_diagnostics": {"model": about, "diagnostic": diagnostics, "value": values},
        **(_group_tables(groups) if groups else {}),
    }


def _far_nodes(fit: LtvFit, groups: LtvGroupFit | None) -> dict[str, Any]:
    """Put the far nodes of everybody and of the groups into one table."""
    import numpy as np

    everybody = {_GROUP: [""] * len(fit.far_nodes["weight"]), **fit.far_nodes}
    if groups is None:
        return everybody
    return {
        name: np.concatenate([np.asarray(everybody[name]), np.asarray(groups.far_nodes[name])])
        for name in everybody
    }


def _replace_columns(
    warehouse: Warehouse, relation: str, run_id: str, columns: Mapping[str, Any]
) -> None:
    import pyarrow as pa

    # A crash may have left rows of this run; of a run without its row in fitted_runs nobody reads.
    arrays = {name: pa.array(values, _TYPES.get(name)) for name, values in columns.items()}
    length = len(next(iter(arrays.values())))
    warehouse.replace_run(relation, run_id, pa.table({"run_id": [run_id] * length, **arrays}))
