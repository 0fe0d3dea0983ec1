"""Judge forecasts on the cuts in the warehouse and append what was found.

As with learning, a run exists once its row is in `fitted_runs`, which is written last, and the
same data and settings are not judged twice. What is appended names no customer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from rfm_cli import __version__
from rfm_cli.backtest_windows import Window
from rfm_cli.learned_runs import LearnedRun, add_run, find_run, known_run
from rfm_cli.warehouse import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from rfm_cli.ltv.backtest import Backtest, Result
    from rfm_cli.ltv.holdout import Holdout
    from rfm_cli.ltv.parameters import OrderModel

TOPIC = "ltv_backtest"
EXTRACT = "int_ltv__backtest_customers"
BACKTEST_TABLES = ("fitted_ltv_backtest", "fitted_ltv_calibration", "fitted_ltv_corrections")
# The columns of the extract, as Holdout names them; none names a customer.
_COLUMNS = {
    "repeat_orders": "repeat_order_count",
    "first_to_last_days": "first_to_last_days",
    "observed_days": "observed_days",
    "revenue_amount": "revenue_amount",
    "repeat_amount": "repeat_amount",
    "period_orders": "period_order_count",
    "period_amount": "period_amount",
    "third_orders": "third_order_count",
    "third_amount": "third_amount",
    "future_orders": "holdout_order_count",
    "future_amount": "holdout_amount",
}


def learn_backtest(
    warehouse: Warehouse,
    relations: Mapping[str, str],
    *,
    windows: Sequence[tuple[Window, Window]],
    models: Sequence[str],
    as_of_date: date,
    on_progress: Callable[[str], None] = lambda _: None,
) -> LearnedRun | None:
    """Judge the models and the naive rules at every cut and append the results.

    Args:
        warehouse: open for writing.
        relations: the relation of each dbt model, by name.
        windows: the cuts, each with the earlier one that RFM cells are learned on.
        models: the order models.
        as_of_date: of the data.
        on_progress: told what is done next.

    Returns:
        The run, or None when nobody had ordered before one of the cuts.
    """
    from rfm_cli.ltv.backtest import run_backtest

    rows = _read(warehouse, relations[EXTRACT])
    cuts = [(_holdout(rows, cut), _holdout(rows, earlier)) for cut, earlier in windows]
    if any(not cut.customer_count for cut, _ in cuts):
        return None
    run_id = _run_id(as_of_date, models, windows, rows)
    known = find_run(warehouse, relations["fitted_runs"], run_id)
    if known is not None:
        return known_run(known)
    backtest = run_backtest(cuts, cast("Sequence[OrderModel]", models), on_progress)
    run = LearnedRun(run_id, as_of_date, ", ".join(models), True, None, is_new=True)
    with warehouse.transaction():
        for name, table in _tables(run_id, backtest).items():
            # A crash may have left rows of this run.
            warehouse.replace_run(relations[name], run_id, table)
        newest = cuts[-1][0]
        add_run(
            warehouse,
            relations["fitted_runs"],
            run,
            topic=TOPIC,
            customer_count=newest.customer_count,
            repeat_customer_count=int((newest.repeat_orders > 0).sum()),
        )
    return run


def _read(warehouse: Warehouse, relation: str) -> pa.Table:
    """Read the extract in an order of its own, so that the same data give the same run_id."""
    columns = ["cut_date", "holdout_days", "third_days", *_COLUMNS.values()]
    table = warehouse.reader(f"(select {', '.join(columns)} from {relation})").read_all()
    return table.sort_by([(name, "ascending") for name in columns])


def _holdout(rows: pa.Table, window: Window) -> Holdout:
    import pyarrow.compute as pc

    from rfm_cli.ltv.holdout import Holdout

    here = rows.filter(
        pc.and_(
            pc.equal(rows["cut_date"], window.cut_date),
            pc.equal(rows["holdout_days"], window.holdout_days),
        )
    )
    third = here["third_days"][0].as_py() if here.num_rows else 1
    return Holdout(
        window.cut_date,
        window.holdout_days,
        third,
        **{name: _floats(here, column) for name, column in _COLUMNS.items()},
    )


def _run_id(
    as_of_date: date,
    models: Sequence[str],
    windows: Sequence[tuple[Window, Window]],
    rows: pa.Table,
) -> str:
    digest = hashlib.sha256(f"{TOPIC} {' '.join(models)} {__version__} {windows}".encode())
    for name in ("third_days", *_COLUMNS.values()):
        digest.update(name.encode())
        digest.update(_floats(rows, name).tobytes())
    return f"{as_of_date.isoformat()}-{digest.hexdigest()[:12]}"


def _floats(table: pa.Table, column: str) -> Any:  # noqa: ANN401 (a numpy array)
    import pyarrow as pa

    return table[column].cast(pa.float64()).to_numpy()


def _tables(run_id: str, backtest: Backtest) -> dict[str, pa.Table]:
    import pyarrow as pa

    text, number, flag = pa.string(), pa.float64(), pa.bool_()
    key = {
        "run_id": text,
        "cut_date": pa.date32(),
        "measure": text,
        "method": text,
        "is_corrected": flag,
    }
    metrics = (
        "predicted_total", "actual_total", "total_bias", "mean_absolute_error",
        "root_mean_square_error", "gini", "calibration_error", "top_share", "interval_coverage",
        "mean_rank",
    )  # fmt: skip
    schemas = {
        "fitted_ltv_backtest": {
            **key,
            "is_model": flag,
            "holdout_days": pa.int32(),
            "customer_count": pa.int64(),
            **dict.fromkeys(metrics, number),
            "is_winner": flag,
            "refusal_reason": text,
        },
        "fitted_ltv_calibration": {
            **key,
            "decile": pa.int32(),
            "customer_count": pa.int64(),
            "predicted_total": number,
            "actual_total": number,
        },
        "fitted_ltv_corrections": {
            "run_id": text,
            "model": text,
            "measure": text,
            **dict.fromkeys(("from_yearly", "until_yearly", "intercept", "slope"), number),
        },
    }
    rows = (_result_rows(backtest), _decile_rows(backtest), _correction_rows(backtest))
    return {
        name: pa.Table.from_pylist(
            [{"run_id": run_id, **row} for row in found], schema=pa.schema(schema)
        )
        for (name, schema), found in zip(schemas.items(), rows, strict=True)
    }


def _key(result: Result) -> dict[str, Any]:
    return {
        "cut_date": result.cut_date,
        "measure": result.measure,
        "method": result.method,
        "is_corrected": result.is_corrected,
    }


def _result_rows(backtest: Backtest) -> Iterable[dict[str, Any]]:
    for result in backtest.results:
        verdict = backtest.verdicts[result.measure]
        plain = not result.is_corrected
        yield {
            **_key(result),
            "is_model": result.is_model,
            "holdout_days": result.holdout_days,
            "customer_count": result.customer_count,
            **(asdict(result.metrics) if result.metrics else {}),
            "mean_rank": verdict.mean_ranks.get(result.method) if plain else None,
            "is_winner": plain and result.method == verdict.winner,
            "refusal_reason": result.refusal_reason,
        }


def _decile_rows(backtest: Backtest) -> Iterable[dict[str, Any]]:
    for result in backtest.results:
        for part in result.deciles:
            yield {
                **_key(result),
                "decile": part.number,
                "customer_count": part.customer_count,
                "predicted_total": part.predicted_total,
                "actual_total": part.actual_total,
            }


def _correction_rows(backtest: Backtest) -> Iterable[dict[str, Any]]:
    for (model, measure), correction in backtest.corrections.items():
        starts = correction.starts.tolist()
        for piece, (intercept, slope) in enumerate(
            zip(correction.intercepts.tolist(), correction.slopes.tolist(), strict=True)
        ):
            yield {
                "model": model,
                "measure": measure,
                "from_yearly": starts[piece],
                "until_yearly": starts[piece + 1] if piece + 1 < len(starts) else None,
                "intercept": intercept,
                "slope": slope,
            }
